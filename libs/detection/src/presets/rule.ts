// ElastAlert's kinds of rules, over the same events as Sigma rules. Names of kinds and fields: ElastAlert 2, "Rule Types and
// Configuration Options".
import type { WantedLogsource } from '../event/logsource.ts';
import type { Predicate } from '../sigma/predicate.ts';
import type { RuleHeader } from '../sigma/rule.ts';

export const metricTypes = ['min', 'max', 'avg', 'sum', 'cardinality', 'value_count', 'percentile'] as const;
export type MetricType = (typeof metricTypes)[number];

/** A measure of the events of a window. */
export interface Metric {
  /** A field; that of `value_count` and `cardinality` may hold any text, those of the others numbers. */
  readonly key: string;
  readonly type: MetricType;
  /** Of `percentile`, 0 to 100. */
  readonly percentile?: number | undefined;
}

export interface Spike {
  readonly height: number;
  readonly type: 'up' | 'down' | 'both';
  /** What the earlier and the later window must reach at least. */
  readonly thresholdRef: number;
  readonly thresholdCur: number;
  /** Whether a group may be told of before it was watched for two windows. */
  readonly onNewData: boolean;
}

/** What a preset looks for in the events of a group. Windows are those of event time that end at an event, both ends in them. */
export type PresetSettings =
  | { readonly preset: 'any' }
  | { readonly preset: 'blacklist'; readonly compareKey: string; readonly values: ReadonlySet<string> }
  | {
      readonly preset: 'whitelist';
      readonly compareKey: string;
      readonly values: ReadonlySet<string>;
      readonly ignoreNull: boolean;
    }
  | {
      readonly preset: 'change';
      readonly compareKeys: readonly string[];
      readonly ignoreNull: boolean;
      /** The value before is no longer compared after this time. */
      readonly timeframeMs?: number | undefined;
    }
  | { readonly preset: 'frequency'; readonly timeframeMs: number; readonly numEvents: number }
  | { readonly preset: 'spike'; readonly timeframeMs: number; readonly spike: Spike }
  | { readonly preset: 'spike_aggregation'; readonly timeframeMs: number; readonly spike: Spike; readonly metric: Metric }
  | { readonly preset: 'flatline'; readonly timeframeMs: number; readonly threshold: number; readonly forgetKeys: boolean }
  | {
      readonly preset: 'new_term';
      /** One field, or several whose values are a term together; each is watched for itself. */
      readonly terms: readonly (readonly string[])[];
      readonly windowMs: number;
      /** For so long after the first event terms are learnt only. */
      readonly learningMs: number;
      readonly onMissingField: boolean;
    }
  | {
      readonly preset: 'cardinality';
      readonly timeframeMs: number;
      readonly cardinalityField: string;
      readonly max?: number | undefined;
      readonly min?: number | undefined;
    }
  | {
      readonly preset: 'metric_aggregation';
      readonly timeframeMs: number;
      readonly metric: Metric;
      readonly max?: number | undefined;
      readonly min?: number | undefined;
      readonly minDocCount: number;
    }
  | {
      readonly preset: 'percentage_match';
      readonly timeframeMs: number;
      /** Met by the events whose share is measured. */
      readonly bucket: Predicate;
      readonly max?: number | undefined;
      readonly min?: number | undefined;
      readonly minDenominator: number;
    };

export type PresetKind = PresetSettings['preset'];

export interface PresetRule extends RuleHeader {
  readonly kind: 'preset';
  readonly logsource: WantedLogsource;
  /** Which events it is about. */
  readonly predicate: Predicate;
  /** Fields whose values make a group; an event without one of them is of no group. */
  readonly queryKey: readonly string[];
  readonly settings: PresetSettings;
  /** Whether it fires by silence too: `tickPreset` must be asked of each of its groups from time to time. */
  readonly ticks: boolean;
}

/** Which kinds fire by silence: flatline, spikes down, too few different values. */
export function firesBySilence(settings: PresetSettings): boolean {
  switch (settings.preset) {
    case 'flatline':
      return true;
    case 'spike':
    case 'spike_aggregation':
      return settings.spike.type !== 'up';
    case 'cardinality':
      return settings.min !== undefined;
    default:
      return false;
  }
}
