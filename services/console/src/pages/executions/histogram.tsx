import { useSignal } from '@preact/signals';
import { formatDuration } from '@tmws/duration';
import { useMemo, useRef } from 'preact/hooks';
import type { Histogram as Counts } from '../../model/listing.ts';
import { formatCount } from '../../model/quantity.ts';
import { formatBucket } from '../../model/when.ts';
import { lookOf } from '../../model/status.ts';
import { memo } from '../../ui/memo.ts';

interface Props {
  histogram: Counts;
  /** Keeps executions that started in the stretch; ms since the epoch. */
  onRange(fromMs: number, toMs: number): void;
}

const height = 56;

/** How many began when, by state: a click keeps a bucket, a drag several. The same is a table below, with a button a row. */
export const Histogram = memo(function Histogram({ histogram, onRange }: Props) {
  const { fromMs, bucketMs, buckets, most } = histogram;
  const svg = useRef<SVGSVGElement>(null);
  const brush = useSignal<{ from: number; to: number } | undefined>(undefined);
  const hovered = useSignal(-1);
  const tabled = useSignal(false);
  const bars = useMemo(() => barsOf(histogram), [histogram]);
  const bucketAt = (event: PointerEvent): number => {
    const { left = 0, width = 1 } = svg.current?.getBoundingClientRect() ?? {};
    return Math.min(buckets - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * buckets)));
  };
  const keep = (from: number, to: number): void => onRange(fromMs + from * bucketMs, fromMs + (to + 1) * bucketMs);
  const onPointerUp = (): void => {
    const chosen = brush.value;
    brush.value = undefined;
    if (chosen !== undefined) keep(Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to));
  };
  const words = `${formatDuration(bucketMs * 1e6)} a bar, from ${formatBucket(fromMs, bucketMs, Date.now())} to ${formatBucket(fromMs + buckets * bucketMs, bucketMs, Date.now())}`;
  const at = hovered.value;
  return (
    <figure class="histogram">
      <svg
        ref={svg}
        viewBox={`0 0 ${buckets} ${height}`}
        preserveAspectRatio="none"
        width="100%"
        height={height}
        role="img"
        aria-label={`Executions by start and state, ${words}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          brush.value = { from: bucketAt(event), to: bucketAt(event) };
        }}
        onPointerMove={(event) => {
          hovered.value = bucketAt(event);
          if (brush.value !== undefined) brush.value = { ...brush.value, to: bucketAt(event) };
        }}
        onPointerLeave={() => (hovered.value = -1)}
        onPointerUp={onPointerUp}
        onPointerCancel={() => (brush.value = undefined)}
      >
        {bars.map(({ status, path }) => (
          <path key={status} class={`tone-${lookOf(status).tone}`} d={path} fill="currentColor" />
        ))}
        {brush.value !== undefined && (
          <rect
            class="brush"
            x={Math.min(brush.value.from, brush.value.to)}
            width={Math.abs(brush.value.to - brush.value.from) + 1}
            height={height}
          />
        )}
        {brush.value === undefined && at >= 0 && <rect class="brush" x={at} width="1" height={height} />}
      </svg>
      <figcaption>
        <span>{formatBucket(fromMs, bucketMs, Date.now())}</span>
        <span class="histogram-at">
          {at >= 0 ? bucketWords(histogram, at) : `${formatDuration(bucketMs * 1e6)} a bar, the fullest has ${formatCount(most)}`}
        </span>
        <span>{formatBucket(fromMs + buckets * bucketMs, bucketMs, Date.now())}</span>
      </figcaption>
      <details onToggle={(event) => (tabled.value = event.currentTarget.open)}>
        <summary>As a table</summary>
        {tabled.value && <Table {...{ histogram, keep }} />}
      </details>
    </figure>
  );
});

/** The same in numbers: the buckets that hold something. */
function Table({ histogram, keep }: { histogram: Counts; keep(from: number, to: number): void }) {
  const { fromMs, bucketMs, buckets, series } = histogram;
  return (
    <div class="histogram-table">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ status }) => (
              <th key={status} scope="col" class="number">
                {lookOf(status).word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: buckets }, (_, bucket) => bucket)
            .filter((bucket) => series.some(({ counts }) => (counts[bucket] ?? 0) > 0))
            .map((bucket) => (
              <tr key={bucket}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => keep(bucket, bucket)}>
                    {formatBucket(fromMs + bucket * bucketMs, bucketMs, Date.now())}
                  </button>
                </th>
                {series.map(({ status, counts }) => (
                  <td key={status} class="number">
                    {formatCount(counts[bucket] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

/** A path a status; heights by the root, so that one failure among a thousand is seen. */
function barsOf({ series, buckets, most }: Counts): { status: string; path: string }[] {
  const base = Array.from({ length: buckets }, () => 0);
  const y = (count: number): number => height - Math.sqrt(count / most) * (height - 2);
  return series.map(({ status, counts }) => {
    let path = '';
    counts.forEach((count, at) => {
      if (count === 0) return;
      const [low, high] = [base[at] ?? 0, (base[at] ?? 0) + count];
      base[at] = high;
      path += `M${at + 0.08} ${y(low).toFixed(1)}V${Math.min(y(high), y(low) - 1).toFixed(1)}H${at + 0.92}V${y(low).toFixed(1)}z`;
    });
    return { status, path };
  });
}

function bucketWords({ fromMs, bucketMs, series }: Counts, at: number): string {
  const counts = series.flatMap(({ status, counts: of }) =>
    (of[at] ?? 0) > 0 ? [`${formatCount(of[at] ?? 0)} ${lookOf(status).word}`] : [],
  );
  return `${formatBucket(fromMs + at * bucketMs, bucketMs, Date.now())}: ${counts.join(', ') || 'none'}`;
}
