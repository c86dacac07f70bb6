// What an event means to a preset: its group, and what is kept of the event.
import { firstText } from '../correlation/correlate.ts';
import { shortKey } from '../correlation/short-key.ts';
import type { EventView } from '../event/event-view.ts';
import type { PresetRule } from './rule.ts';

export interface PresetStep {
  readonly preset: PresetRule;
  /** The group among those of the preset; at most 200 characters. */
  readonly key: string;
  readonly group: Readonly<Record<string, string>>;
  /** What the preset looks at in the event; absent if the event has none of it. */
  readonly value?: string | number | undefined;
}

/**
 * What an event that met the preset's filter means to it. Several steps are only of `new_term`, one for each of its terms.
 *   P1  an event without a field of query_key is of no group; one without the field that is measured is not counted
 */
export function presetSteps(preset: PresetRule, event: EventView): readonly PresetStep[] {
  const { settings, queryKey } = preset;
  const shared = queryKey.map((name) => firstText(event, name));
  if (!shared.every((each) => each !== undefined)) return [];
  const group = Object.fromEntries(queryKey.map((name, i) => [name, shared[i] ?? '']));
  const one = (value?: string | number): PresetStep[] => [{ preset, key: shortKey(shared), group, value }];
  switch (settings.preset) {
    case 'blacklist':
    case 'whitelist':
      return one(firstText(event, settings.compareKey));
    case 'change': {
      const values = settings.compareKeys.map((name) => firstText(event, name));
      if (settings.ignoreNull && values.includes(undefined)) return [];
      return one(shortKey(values.map((value) => value ?? '')));
    }
    case 'new_term':
      return settings.terms.flatMap((fields): PresetStep[] => {
        const values = fields.map((name) => firstText(event, name));
        if (values.includes(undefined) && !settings.onMissingField) return [];
        const term = Object.fromEntries(fields.map((name, i) => [name, values[i] ?? '']));
        const key = shortKey([...shared, fields.join(' ')]);
        return [{ preset, key, group: { ...group, ...term }, value: shortKey(values.map((value) => value ?? '')) }];
      });
    case 'cardinality':
      return measured(one, firstText(event, settings.cardinalityField), false);
    case 'metric_aggregation':
    case 'spike_aggregation': {
      const { key, type } = settings.metric;
      return measured(one, firstText(event, key), type !== 'cardinality' && type !== 'value_count');
    }
    case 'percentage_match':
      return one(settings.bucket.test(event) ? 1 : 0);
    default:
      return one();
  }
}

function measured(one: (value: string | number) => PresetStep[], text: string | undefined, number: boolean): PresetStep[] {
  if (text === undefined) return [];
  if (!number) return one(shortKey([text]));
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? one(value) : [];
}
