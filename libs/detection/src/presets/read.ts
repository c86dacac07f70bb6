// A preset read from its document.
import type { Faults } from '../fault.ts';
import { type ReadOptions, readHeader, readLogsource } from '../sigma/rule.ts';
import { PresetFields } from './fields.ts';
import {
  firesBySilence,
  type Metric,
  metricTypes,
  type PresetKind,
  type PresetRule,
  type PresetSettings,
  type Spike,
} from './rule.ts';

const dayMs = 86_400_000;
const headerFields = [
  ...['title', 'id', 'name', 'status', 'level', 'description', 'tags', 'falsepositives', 'fields', 'author', 'date'],
  ...['modified', 'references', 'related', 'license', 'taxonomy', 'logsource', 'preset', 'tests', 'custom', 'scope'],
];

/** ElastAlert's fields about where events are searched and who is told, which are said elsewhere here. */
const elsewhere =
  /^(index|type|es_|alert|realert|exponential_realert|aggregation|run_every|use_|doc_type|kibana_|timestamp_|email|slack_)/;

/** The preset of a document, or undefined with the faults noted. */
export function readPreset(
  document: Readonly<Record<string, unknown>>,
  source: string,
  faults: Faults,
  options: ReadOptions,
): PresetRule | undefined {
  const header = readHeader(document, source, faults, options);
  const logsource = document.logsource === undefined ? {} : readLogsource(document.logsource, ['logsource'], faults);
  const kind = Object.keys(kinds).find((name): name is PresetKind => name === document.preset);
  if (kind === undefined) {
    faults.add(['preset'], `preset is one of ${Object.keys(kinds).join(', ')} (got ${JSON.stringify(document.preset)})`);
    return undefined;
  }
  const given = new PresetFields(document, faults, options);
  const predicate = given.events();
  const queryKey = given.fields('query_key', false);
  const settings = kinds[kind](given);
  const known = [...headerFields, ...given.asked];
  for (const key of Object.keys(document)) {
    if (known.includes(key)) continue;
    const why = elsewhere.test(key) ? '; where events come from and who is told is not said in rules' : '';
    faults.add([key], `${kind} has no field ${JSON.stringify(key)}${why}; it has ${given.asked.join(', ')}`);
  }
  if (faults.any) return undefined;
  return { kind: 'preset', ...header, logsource, predicate, queryKey, settings, ticks: firesBySilence(settings) };
}

const kinds: Readonly<Record<PresetKind, (given: PresetFields) => PresetSettings>> = {
  any: () => ({ preset: 'any' }),
  blacklist: (given) => ({
    preset: 'blacklist',
    compareKey: given.field('compare_key'),
    values: given.values('blacklist'),
  }),
  whitelist: (given) => ({
    preset: 'whitelist',
    compareKey: given.field('compare_key'),
    values: given.values('whitelist'),
    ignoreNull: given.flag('ignore_null'),
  }),
  change: (given) => ({
    preset: 'change',
    compareKeys: given.fields('compare_key', true),
    ignoreNull: given.flag('ignore_null'),
    timeframeMs: given.optionalTime('timeframe'),
  }),
  frequency: (given) => ({
    preset: 'frequency',
    timeframeMs: given.time(['timeframe']),
    numEvents: given.number('num_events', 1),
  }),
  spike: (given) => ({ preset: 'spike', timeframeMs: given.time(['timeframe']), spike: readSpike(given) }),
  spike_aggregation: (given) => ({
    preset: 'spike_aggregation',
    timeframeMs: given.time(['timeframe', 'buffer_time']),
    spike: readSpike(given),
    metric: readMetric(given),
  }),
  flatline: (given) => ({
    preset: 'flatline',
    timeframeMs: given.time(['timeframe']),
    threshold: given.number('threshold', 1),
    forgetKeys: given.flag('forget_keys'),
  }),
  new_term: (given) => {
    const windowMs = given.time(['terms_window_size'], 30 * dayMs);
    return {
      preset: 'new_term',
      terms: given.terms('fields'),
      windowMs,
      learningMs: given.time(['learning_time'], Math.min(dayMs, windowMs)),
      onMissingField: given.flag('alert_on_missing_field'),
    };
  },
  cardinality: (given) => ({
    preset: 'cardinality',
    timeframeMs: given.time(['timeframe']),
    cardinalityField: given.field('cardinality_field'),
    ...oneOfBounds(given, 'max_cardinality', 'min_cardinality'),
  }),
  metric_aggregation: (given) => ({
    preset: 'metric_aggregation',
    timeframeMs: given.time(['timeframe', 'buffer_time']),
    metric: readMetric(given),
    ...oneOfBounds(given, 'max_threshold', 'min_threshold'),
    minDocCount: given.number('min_doc_count', 1, 1),
  }),
  percentage_match: (given) => ({
    preset: 'percentage_match',
    timeframeMs: given.time(['timeframe', 'buffer_time']),
    bucket: given.predicate('match_bucket_filter'),
    ...oneOfBounds(given, 'max_percentage', 'min_percentage'),
    minDenominator: given.number('min_denominator', 1, 1),
  }),
};

function readSpike(given: PresetFields): Spike {
  return {
    height: given.number('spike_height', 1),
    type: given.word('spike_type', ['up', 'down', 'both']),
    thresholdRef: given.number('threshold_ref', 0, 0),
    thresholdCur: given.number('threshold_cur', 0, 0),
    onNewData: given.flag('alert_on_new_data'),
  };
}

function readMetric(given: PresetFields): Metric {
  const type = given.word('metric_agg_type', metricTypes);
  return {
    key: given.field('metric_agg_key'),
    type,
    percentile: type === 'percentile' ? given.number('percentile_range', 0) : undefined,
  };
}

function oneOfBounds(given: PresetFields, max: string, min: string): { max: number | undefined; min: number | undefined } {
  const bounds = { max: given.optionalNumber(max), min: given.optionalNumber(min) };
  if (!given.has(max) && !given.has(min)) given.fault(['preset'], `there is no bound; give ${max} or ${min}`);
  return bounds;
}
