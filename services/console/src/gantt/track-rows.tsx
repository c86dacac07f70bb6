import { useSignal } from '@preact/signals';
import { formatDuration } from '@tmws/duration';
import type { RefObject } from 'preact';
import { type Track, valueAt } from '../model/usage-tracks.ts';
import { formatRate, formatUsed, measureNames, trackSentence, trackWords } from '../model/usage-words.ts';
import type { Chart } from './chart.ts';
import { narrowTracks, wideTracks } from './paint-tracks.ts';
import { narrow, timeAt } from './scene.ts';

interface Props {
  tracks: readonly Track[];
  /** What the axis calls 0. */
  zeroNs: number;
  chart: RefObject<Chart | undefined>;
  canvas: RefObject<HTMLCanvasElement | null>;
  /** The line through chart and tracks. */
  cursor: RefObject<HTMLDivElement | null>;
}

interface Pointed {
  readonly track: Track;
  readonly atNs: number;
  readonly xPx: number;
  readonly yPx: number;
}

/** What is used over time: names, the most and the total in words, beside one canvas; and what it is under the pointer. */
export function TrackRows({ tracks, zeroNs, chart, canvas, cursor }: Props) {
  const pointed = useSignal<Pointed | undefined>(undefined);
  const hide = (): void => {
    pointed.value = undefined;
    if (cursor.current) cursor.current.hidden = true;
  };
  const onMove = (event: PointerEvent): void => {
    const [scale, plot, line] = [chart.current?.scale(), canvas.current, cursor.current];
    if (scale === undefined || plot === null || line === null || event.pointerType === 'touch') return;
    const { left, top } = plot.getBoundingClientRect();
    const room = chart.current?.metrics === narrow ? narrowTracks : wideTracks;
    const track = tracks[Math.floor((event.clientY - top) / room.rowPx)];
    const x = event.clientX - left;
    if (x < 0 || track === undefined) {
      hide();
      return;
    }
    line.hidden = false;
    line.style.transform = `translateX(${Math.round(x)}px)`;
    pointed.value = { track, atNs: timeAt(scale, x), xPx: event.clientX, yPx: event.clientY };
  };
  return (
    <div class="gantt-tracks" hidden={tracks.length === 0} onPointerMove={onMove} onPointerLeave={hide}>
      {tracks.map((track) => (
        <div key={track.measure} class="gantt-track" role="img" aria-label={trackSentence(track, zeroNs)}>
          <span title={trackWords(track)}>
            {measureNames[track.measure]} <span class="quiet">{trackWords(track)}</span>
          </span>
        </div>
      ))}
      <canvas ref={canvas} aria-hidden="true" />
      <PointedAt pointed={pointed} zeroNs={zeroNs} />
    </div>
  );
}

function PointedAt({ pointed, zeroNs }: { pointed: { readonly value: Pointed | undefined }; zeroNs: number }) {
  if (pointed.value === undefined) return null;
  const { track, atNs, xPx, yPx } = pointed.value;
  const { value, sum } = valueAt(track, atNs);
  return (
    <div
      class={`tooltip above${xPx > innerWidth - 260 ? ' flip' : ''}`}
      aria-hidden="true"
      style={{ left: `${xPx}px`, top: `${yPx}px` }}
    >
      <strong>{measureNames[track.measure]}</strong>
      <div class="tooltip-times">
        {formatRate(track.measure, value)} <span class="quiet">at {formatDuration(atNs - zeroNs)}</span>
      </div>
      {track.measure !== 'memory' && <div>{formatUsed(track.measure, sum)} until then</div>}
    </div>
  );
}
