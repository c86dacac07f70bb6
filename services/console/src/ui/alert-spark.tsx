import { sparkBars, sparkWords } from '../model/alert-group.ts';

const high = 18;
const step = 3;

/** When alerts of the last hour began firing. Its sentence is its name. */
export function AlertSpark({ fired }: { fired: readonly number[] }) {
  if (fired.length === 0) return null;
  const wide = fired.length * step;
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${wide} ${high}`}
      width="92"
      height={high}
      preserveAspectRatio="none"
      role="img"
      aria-label={sparkWords(fired)}
    >
      <title>{sparkWords(fired)}</title>
      <rect class="spark-floor" x="0" y={high - 1} width={wide} height="1" />
      {sparkBars(fired, high).map(
        ({ x, height }) => height > 0 && <rect key={x} x={x * step} y={high - height} width={step - 0.6} height={height} />,
      )}
    </svg>
  );
}
