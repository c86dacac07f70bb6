import { useMemo } from 'preact/hooks';
import { formatCount } from '../../model/quantity.ts';
import type { Steps } from '../../model/steps.ts';

const words: Readonly<Record<string, string>> = {
  end_before_start: 'their end was before their start',
  skew_clamped: 'their clock was off',
};

/** That times are not as they were told, and why. */
export function Corrections({ steps, version }: { steps: Steps; version: number }) {
  const counts = useMemo(() => {
    const found = new Uint32Array(32);
    for (let bar = 0; bar < steps.bars.count; bar++) {
      for (let bits = steps.bars.flags[bar] ?? 0, at = 0; bits !== 0; bits >>>= 1, at++) {
        if ((bits & 1) === 1) found[at] = (found[at] ?? 0) + 1;
      }
    }
    return found;
  }, [steps, version]);
  const told = steps.flags.map((flag, at) => ({ flag, count: counts[at] ?? 0 })).filter(({ count }) => count > 0);
  if (told.length === 0) return null;
  return (
    <p class="corrections">
      {told.map(({ flag, count }) => (
        <span key={flag}>
          Times of {formatCount(count)} {count === 1 ? 'try was' : 'tries were'} corrected:{' '}
          {words[flag] ?? flag.replaceAll('_', ' ')}.{' '}
        </span>
      ))}
    </p>
  );
}
