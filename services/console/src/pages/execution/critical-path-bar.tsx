import { formatDuration } from '@tmws/duration';
import { type CriticalPath, formatPart, sharesOf } from '../../model/critical-path.ts';
import { kindLook } from '../../model/kinds.ts';
import { fillOf, KindSwatch } from '../../ui/hatches.tsx';

/** The room of the bar while it is asked for: what stands below stays where it is when it comes. */
export function CriticalPathRoom() {
  return (
    <section class="path" aria-busy="true" aria-label="Critical path by kind of time">
      <h2>
        Critical path <span class="quiet">…</span>
      </h2>
      <svg class="path-bar" width="100%" height="16" aria-hidden="true">
        <rect class="path-room" width="100%" height="16" />
      </svg>
      <p class="legend quiet">Being worked out</p>
    </section>
  );
}

/** The critical path as one bar by kind of time, largest first, with its legend, which says the same in words. */
export function CriticalPathBar({ path, live }: { path: CriticalPath; live: boolean }) {
  const shares = sharesOf(path);
  if (shares.length === 0) return null;
  let x = 0;
  return (
    <section class="path" aria-label="Critical path by kind of time">
      <h2>
        Critical path <span class="quiet">{formatDuration(path.makespanNs)}</span>
        {live && <span class="quiet"> so far</span>}
      </h2>
      <svg class="path-bar" width="100%" height="16" aria-hidden="true">
        {shares.map(({ kind, part }) => {
          const from = x;
          x += part * 100;
          return (
            <rect
              key={kind}
              x={`${from}%`}
              width={`${part * 100}%`}
              height="16"
              fill={fillOf(kind)}
              stroke={`var(${kindLook(kind).variable})`}
            />
          );
        })}
      </svg>
      <ul class="legend">
        {shares.map(({ kind, ns, part }) => (
          <li key={kind}>
            <KindSwatch kind={kind} /> {kindLook(kind).label} <strong>{formatDuration(ns)}</strong>{' '}
            <span class="quiet">{formatPart(part)}</span>
          </li>
        ))}
        <li class="legend-path">
          <svg width="18" height="12" aria-hidden="true">
            <path class="path-line" d="M1 3h8v6h8" />
          </svg>{' '}
          critical path in the chart
        </li>
      </ul>
    </section>
  );
}
