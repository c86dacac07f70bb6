// Silences that may mute an alert, found by the labels they ask for.
import type { LabelSet } from './label-set.ts';
import type { Matcher } from './matcher.ts';

interface Indexed {
  readonly silence: { readonly id: string };
  readonly matchers: readonly Matcher[];
}

export interface SilenceIndex<S extends Indexed> {
  /** Puts one in, or in the place of the one of its id. */
  set(silence: S): void;
  delete(id: string): void;
  /** Every silence that mutes such an alert, and maybe some that do not. */
  candidates(labels: LabelSet): S[];
}

/**
 * An index without silences.
 *
 *   X1  a silence that matches the labels is among the candidates
 *   X2  one that asks for a value another label set has is not, if it asks by `=`: the cost is that of the silences that share a value
 */
export function silenceIndex<S extends Indexed>(): SilenceIndex<S> {
  const placeOf = new Map<string, string>();
  const places = new Map<string, Map<string, S>>();
  const remove = (id: string): void => {
    const place = placeOf.get(id);
    if (place === undefined) return;
    const there = places.get(place);
    there?.delete(id);
    if (there?.size === 0) places.delete(place);
    placeOf.delete(id);
  };
  return {
    set(silence) {
      const { id } = silence.silence;
      remove(id);
      const asked = silence.matchers.find(({ operator, value }) => operator === '=' && value !== '');
      const place = asked === undefined ? anywhere : labelPlace(asked.name, asked.value);
      const there = places.get(place) ?? new Map<string, S>();
      places.set(place, there.set(id, silence));
      placeOf.set(id, place);
    },
    delete: remove,
    candidates(labels) {
      const found: S[] = [...(places.get(anywhere)?.values() ?? [])];
      if (places.size === 0) return found;
      for (const [name, value] of Object.entries(labels)) {
        const there = places.get(labelPlace(name, value));
        if (there !== undefined) found.push(...there.values());
      }
      return found;
    },
  };
}

/** Where those are that ask for no value. */
const anywhere = '';
const labelPlace = (name: string, value: string): string => JSON.stringify([name, value]);
