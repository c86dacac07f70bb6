import fc from 'fast-check';
import {
  type PresetRule,
  presetSteps,
  type PresetState,
  readRules,
  sigmaDetector,
  sigmaView,
  takePreset,
  tickPreset,
} from '../index.ts';

function preset(fields: string): PresetRule {
  const { presets, refused } = readRules([{ source: 't', text: `title: t\n${fields}` }]);
  expect(refused).toEqual([]);
  const [rule] = presets;
  if (rule === undefined) throw new Error('there is no preset');
  return rule;
}

/** What a preset finds in events that come one after the other; its state is written down between them. */
function watching(fields: string) {
  const rule = preset(fields);
  const detector = sigmaDetector([rule]);
  const states = new Map<string, PresetState>();
  const keep = (key: string, state: PresetState | undefined): void => {
    if (state === undefined) states.delete(key);
    else states.set(key, JSON.parse(JSON.stringify(state)) as PresetState);
  };
  return {
    states,
    see: (second: number, event: object): number[] =>
      detector.detect(sigmaView(event)).flatMap((met) =>
        presetSteps(met, sigmaView(event)).flatMap((step) => {
          const { state, hit } = takePreset(step, states.get(step.key), second * 1000);
          keep(step.key, state);
          return hit === undefined ? [] : [hit.count];
        }),
      ),
    tick: (second: number): object[] =>
      [...new Set([...states.keys(), ...(rule.queryKey.length === 0 ? ['[]'] : [])])].flatMap((key) => {
        const { state, hit } = tickPreset(rule, states.get(key), second * 1000);
        keep(key, state);
        return hit === undefined ? [] : [{ ...hit.group, count: hit.count, reason: hit.reason }];
      }),
  };
}

test.each<[what: string, fields: string, events: readonly (readonly [number, object, number[]])[]]>([
  [
    'any tells of each event its filter finds',
    'preset: any\nmatch: {type: login}',
    [
      [0, { type: 'login' }, [1]],
      [1, { type: 'x' }, []],
    ],
  ],
  [
    'a filter may be the detection of a Sigma rule',
    'preset: any\nfilter: {a: {type|startswith: log}, b: {ok: true}, condition: a and not b}',
    [
      [0, { type: 'login' }, [1]],
      [1, { type: 'login', ok: true }, []],
    ],
  ],
  [
    'blacklist tells of what is on it',
    'preset: blacklist\ncompare_key: u\nblacklist: [root, 7]',
    [
      [0, { u: 'root' }, [1]],
      [1, { u: 7 }, [1]],
      [2, { u: 'me' }, []],
      [3, {}, []],
    ],
  ],
  [
    'whitelist tells of what is not on it, and of events without the field',
    'preset: whitelist\ncompare_key: u\nwhitelist: [me]',
    [
      [0, { u: 'me' }, []],
      [1, { u: 'you' }, [1]],
      [2, {}, [1]],
    ],
  ],
  [
    'whitelist passes over events without the field where told so',
    'preset: whitelist\ncompare_key: u\nwhitelist: [me]\nignore_null: true',
    [[0, {}, []]],
  ],
  [
    'change tells when a field of a group has another value than before, within the timeframe',
    'preset: change\ncompare_key: country\nquery_key: u\ntimeframe: {minutes: 1}',
    [
      [0, { u: 'x', country: 'de' }, []],
      [1, { u: 'y', country: 'fr' }, []],
      [2, { u: 'x', country: 'de' }, []],
      [3, { u: 'x', country: 'cn' }, [1]],
      [90, { u: 'x', country: 'de' }, []],
    ],
  ],
  [
    'frequency tells of as many events as it says, and of each one more',
    'preset: frequency\nnum_events: 3\ntimeframe: 10s\nquery_key: u',
    [
      [0, { u: 'x' }, []],
      [9, { u: 'x' }, []],
      [11, { u: 'x' }, []],
      [12, { u: 'x' }, [3]],
      [12, { u: 'y' }, []],
      [13, {}, []],
    ],
  ],
  [
    'spike compares two windows, once a group was watched for both',
    'preset: spike\nspike_height: 3\nspike_type: up\ntimeframe: 10s\nthreshold_ref: 1',
    [
      [0, {}, []],
      [15, {}, []],
      [26, {}, []],
      [27, {}, []],
      [28, {}, [3]],
      [29, {}, [4]],
    ],
  ],
  [
    'new_term learns at first, then tells of each value once',
    'preset: new_term\nfields: [u, [u, ip]]\nterms_window_size: 1h\nlearning_time: 1m',
    [
      [0, { u: 'x', ip: 1 }, []],
      [30, { u: 'y', ip: 1 }, []],
      [61, { u: 'x', ip: 1 }, []],
      [62, { u: 'x', ip: 2 }, [1]],
      [63, { u: 'z', ip: 1 }, [1, 1]],
      [64, { u: 'z', ip: 1 }, []],
      [65, { u: 'q' }, [1]],
      [4000, { u: 'y', ip: 1 }, [1, 1]],
    ],
  ],
  [
    'cardinality tells of more different values than the maximum',
    'preset: cardinality\ncardinality_field: u\nmax_cardinality: 2\ntimeframe: 10s',
    [
      [0, { u: 'x' }, []],
      [1, { u: 'y' }, []],
      [2, { u: 'y' }, []],
      [3, { u: 'z' }, [3]],
      [20, { u: 'w' }, []],
    ],
  ],
  [
    'cardinality tells of fewer than the minimum, once it was watched for a window',
    'preset: cardinality\ncardinality_field: u\nmin_cardinality: 2\ntimeframe: 10s',
    [
      [0, { u: 'x' }, []],
      [5, { u: 'y' }, []],
      [12, { u: 'y' }, [1]],
      [13, { u: 'x' }, []],
    ],
  ],
  [
    'metric_aggregation tells of a measure above its maximum',
    'preset: metric_aggregation\nmetric_agg_key: usage.cost\nmetric_agg_type: sum\nmax_threshold: 10\ntimeframe: 1m\nquery_key: u',
    [
      [0, { u: 'x', usage: { cost: 6 } }, []],
      [1, { u: 'y', usage: { cost: 6 } }, []],
      [2, { u: 'x', usage: { cost: '4.5' } }, [10.5]],
      [3, { u: 'x' }, []],
      [61.5, { u: 'x', usage: { cost: 1 } }, []],
    ],
  ],
  [
    'metric_aggregation measures a percentile',
    'preset: metric_aggregation\nmetric_agg_key: ms\nmetric_agg_type: percentile\npercentile_range: 50\nmax_threshold: 5\ntimeframe: 1m\nmin_doc_count: 3',
    [
      [0, { ms: 9 }, []],
      [1, { ms: 1 }, []],
      [2, { ms: 6 }, [6]],
    ],
  ],
  [
    'percentage_match tells of the share of some among all',
    'preset: percentage_match\nmatch_bucket_filter: {ok: false}\nmax_percentage: 40\nmin_denominator: 3\ntimeframe: 1m',
    [
      [0, { ok: false }, []],
      [1, { ok: true }, []],
      [2, { ok: false }, [(2 / 3) * 100]],
      [3, { ok: true }, [50]],
      [4, { ok: true }, []],
    ],
  ],
  [
    'spike_aggregation compares a measure of two windows',
    'preset: spike_aggregation\nmetric_agg_key: v\nmetric_agg_type: avg\nspike_height: 2\nspike_type: both\ntimeframe: 10s\nalert_on_new_data: true',
    [
      [0, { v: 4 }, []],
      [12, { v: 9 }, [9]],
      [24, { v: 2 }, [2]],
    ],
  ],
])('%s', (_what, fields, events) => {
  const { see } = watching(fields);
  expect(events.map(([second, event]) => see(second, event))).toEqual(events.map(([, , found]) => found));
});

test('flatline tells of silence, by group, as long as it lasts', () => {
  const { see, tick } = watching('preset: flatline\nthreshold: 2\ntimeframe: 10s\nquery_key: host');
  expect(tick(100)).toEqual([]);
  for (const second of [0, 5, 6]) expect(see(second, { host: 'a' })).toEqual([]);
  expect(tick(9)).toEqual([]);
  expect(tick(15)).toEqual([]);
  const reason = '1 events, fewer than 2';
  expect([tick(15.5), tick(16)]).toEqual([[{ host: 'a', count: 1, reason }], [{ host: 'a', count: 1, reason }]]);
  see(16.5, { host: 'a' });
  see(17, { host: 'a' });
  expect(tick(18)).toEqual([]);
});

test('flatline without groups tells of events that never came, and forgets a group where told so', () => {
  const one = watching('preset: flatline\nthreshold: 1\ntimeframe: 10s');
  expect([one.tick(0), one.tick(10), one.tick(10.5)].map((found) => found.length)).toEqual([0, 1, 1]);
  const { see, tick, states } = watching('preset: flatline\nthreshold: 1\ntimeframe: 10s\nquery_key: h\nforget_keys: true');
  see(0, { h: 1 });
  expect([tick(20).length, states.size]).toEqual([1, 0]);
});

test('a spike down is found in silence', () => {
  const { see, tick } = watching('preset: spike\nspike_height: 3\nspike_type: down\ntimeframe: 10s\nthreshold_ref: 3');
  for (const second of [0, 3, 6, 9, 12, 15, 18, 20]) see(second, {});
  expect(tick(21)).toEqual([]);
  expect(tick(29.5)).toMatchObject([{ count: 1 }]);
});

test('which presets fire by silence is said', () => {
  expect(preset('preset: flatline\nthreshold: 1\ntimeframe: 1m').ticks).toBe(true);
  expect(preset('preset: frequency\nnum_events: 1\ntimeframe: 1m').ticks).toBe(false);
});

test('P4: a term that was seen a moment ago changes nothing that must be written', () => {
  const rule = preset('preset: new_term\nfields: u\nterms_window_size: 1d');
  const [step] = presetSteps(rule, sigmaView({ u: 'x' }));
  if (step === undefined) throw new Error('the event has a term');
  const { state } = takePreset(step, undefined, 0);
  expect(takePreset(step, state, 60_000).state).toBe(state);
  expect(takePreset(step, state, 86_400_000 / 100).state).not.toBe(state);
});

test('P3: events and terms are bounded, and what is lost is counted', () => {
  const sum = preset('preset: metric_aggregation\nmetric_agg_key: v\nmetric_agg_type: sum\nmax_threshold: 100\ntimeframe: 1h');
  let state: PresetState | undefined;
  let lost = 0;
  for (let i = 0; i < 5; i += 1) {
    const [step] = presetSteps(sum, sigmaView({ v: 1 }));
    if (step === undefined) throw new Error('the event has a value');
    const taken = takePreset(step, state, i, { events: 3 });
    state = taken.state;
    lost += taken.lost?.events ?? 0;
  }
  expect([state?.entries.length, lost]).toEqual([3, 2]);
});

const stream = fc.array(fc.record({ after: fc.integer({ min: -4, max: 4 }), v: fc.integer({ min: 0, max: 9 }) }), {
  maxLength: 60,
});

test.each<[string, string, (window: readonly number[], before: readonly number[], watched: number) => boolean]>([
  [
    'the sum',
    'preset: metric_aggregation\nmetric_agg_key: v\nmetric_agg_type: sum\nmax_threshold: 20\nmin_threshold: 3\ntimeframe: 7s',
    (window) => window.reduce((a, b) => a + b, 0) > 20 || window.reduce((a, b) => a + b, 0) < 3,
  ],
  [
    'the share',
    'preset: percentage_match\nmatch_bucket_filter: {v|lt: 5}\nmin_percentage: 50\ntimeframe: 7s',
    (window) => window.filter((v) => v < 5).length / window.length < 0.5,
  ],
  [
    'the different values',
    'preset: cardinality\ncardinality_field: v\nmax_cardinality: 4\nmin_cardinality: 2\ntimeframe: 7s',
    (window, _before, watched) => new Set(window).size > 4 || (watched >= 7 && new Set(window).size < 2),
  ],
  [
    'the spike',
    'preset: spike\nspike_height: 2\nspike_type: both\ntimeframe: 7s\nthreshold_ref: 1',
    (window, before, watched) =>
      watched >= 14 && before.length >= 1 && (window.length >= before.length * 2 || window.length <= before.length / 2),
  ],
])('P2: %s of a sliding window is that of brute force, late events too', (_what, fields, fires) => {
  fc.assert(
    fc.property(stream, (events) => {
      const { see } = watching(fields);
      const accepted: { second: number; v: number }[] = [];
      let clock = 0;
      for (const { after, v } of events) {
        const second = clock + after;
        clock = Math.max(clock, second);
        const found = see(second, { v }).length > 0;
        if (second < clock - 7) {
          expect(found).toBe(false);
          continue;
        }
        accepted.push({ second, v });
        const of = (from: number, to: number): number[] =>
          accepted.flatMap((each) => (each.second >= from && each.second <= to ? [each.v] : []));
        const watched = second - Math.min(...accepted.map((each) => each.second));
        expect(found).toBe(fires(of(second - 7, second), of(second - 14, second - 7.5), watched));
      }
    }),
    { numRuns: 80 },
  );
});

function faultsOf(text: string): string {
  const { refused } = readRules([{ source: 't', text }]);
  return refused
    .flatMap(({ faults }) => faults.map(({ path, line, message }) => `${line ?? '-'} ${path}: ${message}`))
    .join('\n');
}

test.each<[string, string, string]>([
  ['a kind that there is not', 'title: t\npreset: frequent', '2 preset: preset is one of any, blacklist, whitelist'],
  ['a missing number', 'title: t\npreset: frequency\ntimeframe: 5m', '2 preset: there is no num_events; it is a number'],
  [
    'a missing time',
    'title: t\npreset: frequency\nnum_events: 5',
    'there is no timeframe; it is a length of time like 5m, or minutes: 5',
  ],
  ['a strange time', 'title: t\npreset: frequency\nnum_events: 5\ntimeframe: 5', '4 timeframe: timeframe is a time up to a year'],
  [
    'a strange unit',
    'title: t\npreset: frequency\nnum_events: 5\ntimeframe: {fortnights: 5}',
    'or minutes: 5 (got {"fortnights":5})',
  ],
  [
    'a field that there is not',
    'title: t\npreset: any\nnum_event: 5',
    '3 num_event: any has no field "num_event"; it has match, filter, query_key',
  ],
  [
    'a field of ElastAlert about its search',
    'title: t\npreset: any\nindex: x',
    'where events come from and who is told is not said in rules',
  ],
  [
    'a query of Elasticsearch',
    'title: t\npreset: any\nfilter: [{term: {a: b}}]',
    'Queries of Elasticsearch are not run; write match:',
  ],
  [
    'both filters',
    'title: t\npreset: any\nmatch: {a: 1}\nfilter: {a: {b: 1}, condition: a}',
    'match and filter say the same twice',
  ],
  [
    'a fault inside of match',
    'title: t\npreset: any\nmatch:\n  a|containz: 1',
    '4 match.a|containz: there is no modifier "containz"',
  ],
  [
    'no bound',
    'title: t\npreset: cardinality\ncardinality_field: u\ntimeframe: 1m',
    'there is no bound; give max_cardinality or min_cardinality',
  ],
  ['a spike of no type', 'title: t\npreset: spike\nspike_height: 2\ntimeframe: 1m', 'spike_type is one of up, down, both'],
  ['no title', 'preset: any', 'there is no title'],
])('%s is named', (_what, text, fault) => {
  expect(faultsOf(text)).toContain(fault);
});

test('a correlation may be about what a preset found', () => {
  const text =
    'title: many\nname: many\npreset: frequency\nnum_events: 2\ntimeframe: 1m\n---\n' +
    'title: c\ncorrelation: {type: event_count, rules: [many], timespan: 1m, condition: {gte: 1}}';
  const { presets, correlations, refused } = readRules([{ source: 't', text }]);
  expect([presets.length, correlations.length, refused]).toEqual([1, 1, []]);
});
