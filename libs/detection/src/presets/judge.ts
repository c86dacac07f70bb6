// Whether the window that ends at a time is what a preset looks for.
import type { Entry } from '../correlation/windows.ts';
import { between, measure } from './measure.ts';
import type { Metric, PresetSettings, Spike } from './rule.ts';
import type { PresetHit, PresetState } from './state.ts';

type Verdict = Pick<PresetHit, 'count' | 'reason'>;
interface Bounds {
  readonly max?: number | undefined;
  readonly min?: number | undefined;
}

/** @param silence  whether time alone is asked, and not an event that just came */
export function verdictOn(
  settings: PresetSettings,
  { entries, sinceMs }: PresetState,
  endMs: number,
  silence: boolean,
): Verdict | undefined {
  if (!('timeframeMs' in settings) || settings.timeframeMs === undefined) return undefined;
  const startMs = endMs - settings.timeframeMs;
  const window = between(entries, startMs, endMs);
  switch (settings.preset) {
    case 'flatline':
      if (!silence || sinceMs > startMs || window.length >= settings.threshold) return undefined;
      return { count: window.length, reason: `${window.length} events, fewer than ${settings.threshold}` };
    case 'cardinality': {
      const count = new Set(window.map(({ value }) => value)).size;
      const early = sinceMs > startMs;
      return outside(
        count,
        { max: settings.max, min: early ? undefined : settings.min },
        `different values of ${settings.cardinalityField}`,
      );
    }
    case 'metric_aggregation': {
      const value = window.length < settings.minDocCount ? undefined : measure(window, settings.metric);
      return value === undefined
        ? undefined
        : outside(value, settings, `is the ${settings.metric.type} of ${settings.metric.key}`);
    }
    case 'percentage_match': {
      if (window.length < settings.minDenominator) return undefined;
      const met = window.filter(({ value }) => value === 1).length;
      return outside((met / window.length) * 100, settings, `% of ${window.length} events`);
    }
    case 'spike':
    case 'spike_aggregation': {
      const metric: Metric = settings.preset === 'spike' ? { key: '', type: 'value_count' } : settings.metric;
      // The window before has its end, which is this one's start, not in it.
      const before = between(entries, startMs - settings.timeframeMs, startMs).filter(({ timeMs }) => timeMs < startMs);
      if (sinceMs > startMs - settings.timeframeMs && !settings.spike.onNewData) return undefined;
      return spiked(window, before, metric, settings.spike);
    }
    default:
      return undefined;
  }
}

function outside(count: number, { max, min }: Bounds, what: string): Verdict | undefined {
  if (max !== undefined && count > max) return { count, reason: `${short(count)} ${what}, more than ${max}` };
  if (min !== undefined && count < min) return { count, reason: `${short(count)} ${what}, less than ${min}` };
  return undefined;
}

function spiked(window: readonly Entry[], before: readonly Entry[], metric: Metric, spike: Spike): Verdict | undefined {
  const [current, reference] = [measure(window, metric), measure(before, metric)];
  if (current === undefined || reference === undefined || (window.length === 0 && before.length === 0)) return undefined;
  if (current < spike.thresholdCur || reference < spike.thresholdRef) return undefined;
  const up = current >= reference * spike.height && spike.type !== 'down';
  const down = current <= reference / spike.height && spike.type !== 'up';
  if (!up && !down) return undefined;
  return { count: current, reason: `${short(current)}, ${up ? 'up' : 'down'} from ${short(reference)} in the window before` };
}

function short(count: number): string {
  return String(Math.round(count * 1000) / 1000);
}
