import fc from 'fast-check';
import { executionStatuses, parseQuery, queryKeys, type QueryTerm } from './query.ts';
import { QueryFault, quoted, queryWords } from './query-words.ts';

const nowNs = 1_772_366_400_000_000_000n; // 2026-03-01T12:00:00Z
const s = 1_000_000_000n;
const h = 3_600n * s;
const tests = (q: string) => parseQuery(q, nowNs).map(({ not, test }) => (not ? { not, ...test } : test));
const faultOf = (q: string): QueryFault => {
  try {
    parseQuery(q, nowNs);
  } catch (error) {
    if (error instanceof QueryFault) return error;
  }
  throw new Error(`${q} is taken`);
};

test.each<[string, object[]]>([
  ['', []],
  [
    '  research   agent ',
    [
      { on: 'text', patterns: [['research']] },
      { on: 'text', patterns: [['agent']] },
    ],
  ],
  ['"research agent"', [{ on: 'text', patterns: [['research agent']] }]],
  ['10:30', [{ on: 'text', patterns: [['10:30']] }]],
  ['status:failed,timed_out', [{ on: 'status', statuses: ['failed', 'timed_out'] }]],
  ['-status:completed', [{ not: true, on: 'status', statuses: ['completed'] }]],
  ['workflow:nightly-*', [{ on: 'workflow', patterns: [['nightly-', '']] }]],
  [String.raw`name:"5 \* \"x\", y"`, [{ on: 'name', patterns: [['5 * "x", y']] }]],
  [
    'workflow:"a b",c version:7',
    [
      { on: 'workflow', patterns: [['a b'], ['c']] },
      { on: 'version', patterns: [['7']] },
    ],
  ],
  ['-error:*', [{ not: true, on: 'error', patterns: [['', '']] }]],
  ['message:"no answer in * s"', [{ on: 'message', patterns: [['no answer in ', ' s']] }]],
  [
    'id:run-4 id:run-*',
    [
      { on: 'id', prefixes: ['run-4'] },
      { on: 'id', prefixes: ['run-'] },
    ],
  ],
  [
    'parent:run-41 origin:temporal',
    [
      { on: 'parent', patterns: [['run-41']] },
      { on: 'origin', patterns: [['temporal']] },
    ],
  ],
  ['duration:>30s', [{ on: 'duration', ranges: [{ from: 30n * s + 1n, to: undefined }] }]],
  ['duration:<=1h30m', [{ on: 'duration', ranges: [{ from: undefined, to: h + h / 2n + 1n }] }]],
  ['duration:1.5s..2s', [{ on: 'duration', ranges: [{ from: (3n * s) / 2n, to: 2n * s + 1n }] }]],
  ['steps:>100', [{ on: 'steps', ranges: [{ from: 101n, to: undefined }] }]],
  [
    'steps:7,10..',
    [
      {
        on: 'steps',
        ranges: [
          { from: 7n, to: 8n },
          { from: 10n, to: undefined },
        ],
      },
    ],
  ],
  ['started:>=2h', [{ on: 'started', ranges: [{ from: nowNs - 2n * h, to: undefined }] }]],
  ['started:<-2h', [{ on: 'started', ranges: [{ from: undefined, to: nowNs - 2n * h }] }]],
  ['started:<2026-03-01T13:00:00+01:00', [{ on: 'started', ranges: [{ from: undefined, to: nowNs }] }]],
  ['started:2026-03-01', [{ on: 'started', ranges: [{ from: nowNs - 12n * h, to: nowNs + 12n * h }] }]],
  ['started:>2026-03-01', [{ on: 'started', ranges: [{ from: nowNs + 12n * h, to: undefined }] }]],
  ['started:>=2024-02-29T23:59:59.5-01:00', [{ on: 'started', ranges: [{ from: 1_709_254_799_500_000_000n, to: undefined }] }]],
  ['started:2026-03-01..2026-03-02', [{ on: 'started', ranges: [{ from: nowNs - 12n * h, to: nowNs + 36n * h }] }]],
])('%j means what it says', (q, expected) => expect(tests(q)).toEqual(expected));

test.each<[string, string, string]>([
  ['agent stauts:failed', 'stauts', 'there is no key "stauts"; keys are status, workflow'],
  ['-http://x', 'http', 'To find the text itself put it in quotes'],
  ['status:failed,lost', 'lost', 'status must be one of planned, running'],
  ['status:', 'status:', 'a value is missing: status takes planned'],
  ['a status:failed, b', 'status:failed,', 'a value is missing'],
  ['duration:30s', '30s', 'duration takes a length of time with < or >, like >30s'],
  ['duration:>30', '>30', 'duration takes a length of time'],
  ['duration:1m..30s', '1m..30s', 'put the lesser first'],
  ['duration:..', '..', 'duration takes'],
  ['started:>yesterday', '>yesterday', 'started takes a time with < or >'],
  ['started:>2026-02-31', '>2026-02-31', 'started takes'],
  ['started:>1066-10-14', '>1066-10-14', 'started takes'],
  ['started:2h', '2h', 'started takes'],
  ['steps:>-1', '>-1', 'steps takes a count'],
  ['id:a*b', 'a*b', 'id takes the beginning'],
  ['x "open', '"open', 'the quote is not closed'],
  ['a OR b', 'OR', 'a comma means "any of"'],
  ['""', '""', 'there is no text here'],
  ['a - b', '-', 'there is no text here'],
])('%j is refused at its wrong word', (q, wrong, message) => {
  const { place, message: said } = faultOf(q);
  expect(q.slice(place.start, place.end)).toBe(wrong);
  expect(said).toContain(message);
});

test('a query of more than 50 terms is refused', () => {
  expect(parseQuery('a '.repeat(50), nowNs)).toHaveLength(50);
  expect(faultOf('a '.repeat(51))).toMatchObject({ place: { start: 100, end: 102 } });
});

const word = fc.string({ unit: fc.constantFrom(...Array.from('aB7 -:,*"\\.<>µ😀')), minLength: 1, maxLength: 12 });
const anyQuery = fc.string({
  unit: fc.constantFrom(...Array.from('aN7 -:,*"\\.<>'), ' status:', ' duration:>1s', ' started:', ' id:', ' name:'),
});
const termsOf = (q: string): QueryTerm[] | QueryFault => {
  try {
    return parseQuery(q, nowNs);
  } catch (error) {
    if (error instanceof QueryFault) return error;
    throw error;
  }
};

test('W1: every character that is not a space lies in exactly one word', () => {
  fc.assert(
    fc.property(anyQuery, (q) => {
      fc.pre(!(termsOf(q) instanceof QueryFault));
      let rest = q;
      for (const { start, end } of queryWords(q).toReversed()) rest = rest.slice(0, start) + rest.slice(end);
      expect(rest.trim()).toBe('');
    }),
  );
});

test('Q1: terms stand in order without overlap, and a fault has a place inside the query', () => {
  fc.assert(
    fc.property(anyQuery, (q) => {
      const terms = termsOf(q);
      if (terms instanceof QueryFault) {
        expect(terms.place.start).toBeGreaterThanOrEqual(0);
        expect(terms.place.start).toBeLessThan(terms.place.end);
        expect(terms.place.end).toBeLessThanOrEqual(q.length);
        return;
      }
      terms.reduce((before, { start, end }) => {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        return end;
      }, 0);
    }),
  );
});

test('Q2: a quoted text asks for just that text, free and under a key', () => {
  fc.assert(
    fc.property(word, fc.constantFrom('', 'name:', 'workflow:', 'message:'), (text, key) => {
      const [term, ...more] = parseQuery(`${key}${quoted(text)}`, nowNs);
      expect(more).toEqual([]);
      expect(term?.test).toEqual({ on: key === '' ? 'text' : key.slice(0, -1), patterns: [[text]] });
      expect(term?.not).toBe(false);
    }),
  );
});

test('Q3: a minus asks the contrary of the same term', () => {
  fc.assert(
    fc.property(word, fc.constantFrom('status:failed', 'duration:>1s', 'steps:1..2', 'id:x', 'error:*'), (text, other) => {
      for (const term of [quoted(text), other]) {
        const [[plain], [turned]] = [parseQuery(term, nowNs), parseQuery(`-${term}`, nowNs)];
        expect(turned).toMatchObject({ not: !plain!.not, test: plain!.test });
      }
    }),
  );
});

test('every key that is offered is taken', () => {
  const sample: Record<string, string> = { status: executionStatuses[0], duration: '>1s', started: '>1h', steps: '1' };
  for (const key of Object.keys(queryKeys)) expect(tests(`${key}:${sample[key] ?? 'x'}`)).toMatchObject([{ on: key }]);
});
