import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { inSlices } from '../../model/in-parts.ts';
import type { Steps } from '../../model/steps.ts';
import { makeTracks, type Track, tracksOf } from '../../model/usage-tracks.ts';

/** Work in one go after the picture. */
const sliceMs = 8;
/** So many tries are looked through before the picture is drawn, more after it, in parts. */
const fewBars = 5_000;
/** The same each time, so that nothing is drawn anew for it. */
const none: readonly Track[] = [];

/**
 * What the whole used over time. Of a large execution the columns hold the window that is looked at: then what was known of the
 * whole stays.
 *
 * @param round  another number when much may have changed
 * @param second  another number when open tries have grown, which is looked at where there are few
 * @param window  only a part of the axis was asked for
 */
export function useTracks(steps: Steps, round: number, second: number, nowNs: () => number, window: boolean): readonly Track[] {
  const kept = useSignal(none);
  const few = steps.bars.count < fewBars;
  const skip = window && !steps.detail.whole && kept.peek().length > 0;
  const now = useMemo(() => {
    const made = few && !skip ? tracksOf(steps, nowNs()) : undefined;
    return made?.length === 0 ? none : made;
  }, [steps, round, few && second, few, skip]);
  if (now !== undefined && now !== kept.peek()) kept.value = now;
  useEffect(() => {
    if (few || skip) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const later = (goOn: () => void): void => void (timer = setTimeout(goOn));
    const make = async (): Promise<void> => {
      const made = await inSlices(makeTracks(steps, nowNs()), sliceMs, later, () => wanted);
      if (made !== undefined) kept.value = made;
    };
    later(() => void make());
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [steps, round, few, skip]);
  return now ?? kept.value;
}
