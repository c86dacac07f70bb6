import { atrDetector, type AtrEvent, type AtrReadOptions, readAtrRules } from '../index.ts';

const base = {
  id: 'ATR-2026-99999',
  title: 't',
  severity: 'high',
  status: 'stable',
  agent_source: { type: 'llm_io' },
  tags: { scan_target: 'mcp' },
};
type Conditions = readonly Readonly<Record<string, unknown>>[];
const regex = (field: string, value: string): Conditions[number] => ({ field, operator: 'regex', value });

function matches(conditions: Conditions, event: AtrEvent, over: object = {}, condition = 'any'): boolean {
  const { rules, refused } = readAtrRules([
    { source: 't', document: { ...base, ...over, detection: { conditions, condition } } },
  ]);
  expect(refused).toEqual([]);
  return atrDetector(rules).detect(event).length > 0;
}

const said = (content: string): AtrEvent => ({ type: 'llm_input', content });

test('any condition is enough, or all are wanted', () => {
  const two = [regex('user_input', 'first\\s+word'), regex('content', 'second')];
  expect(matches(two, said('the FIRST  word'))).toBe(true);
  expect(matches(two, said('the first word'), {}, 'all')).toBe(false);
  expect(matches(two, said('first word, second word'), {}, 'all')).toBe(true);
});

test.each<[string, unknown, string, boolean]>([
  ['contains', 'In Side', 'x in side y', true],
  ['starts_with', 'Begin', 'beginning', true],
  ['starts_with', 'Begin', 'x begin', false],
  ['exact', 'Same', 'Same', true],
  ['exact', 'Same', 'same', false],
])('%s %s is asked of %s', (operator, value, content, met) => {
  expect(matches([{ field: 'content', operator, value }], said(content))).toBe(met);
});

test('words are found behind lookalikes, wide letters and invisible characters; these too where a rule is about them', () => {
  const words = [regex('user_input', 'ignore all')];
  for (const text of ['ignоre all', 'ｉｇｎｏｒｅ all', 'ig\u200bnore all']) expect(matches(words, said(text))).toBe(true);
  expect(matches([regex('user_input', '\\u200b{2}')], said('a\u200b\u200bb'))).toBe(true);
});

test('a rule is for events of its source; what models read comes from tools too', () => {
  const any = [regex('content', 'bad')];
  const types = ['llm_input', 'tool_call', 'tool_response', 'multi_agent_message', 'other'];
  const of = (type: string): boolean[] =>
    types.map((each) => matches(any, { type: each, content: 'bad' }, { agent_source: { type } }));
  expect(of('llm_io')).toEqual([true, false, true, false, true]);
  expect(of('mcp_exchange')).toEqual([false, true, true, false, true]);
  expect(matches([regex('user_input', 'bad')], { type: 'tool_response', content: 'bad' })).toBe(true);
  expect(
    matches(
      [regex('tool_name', 'bad')],
      { type: 'tool_call', content: 'x', fields: { tool_name: 'bad' } },
      { agent_source: { type: 'tool_call' } },
    ),
  ).toBe(true);
});

test('of a skill, rules made for skills alone are met by one condition', () => {
  const skill: AtrEvent = { type: 'mcp_exchange', content: 'bad and worse', scanContext: 'skill' };
  const two = [regex('tool_args', 'bad'), regex('user_input', 'worse')];
  expect(matches(two, skill)).toBe(false);
  expect(matches(two, skill, { tags: { scan_target: 'skill' } })).toBe(true);
  expect(matches(two, skill, {}, 'all')).toBe(true);
});

test('a match inside code is none where the rule says so', () => {
  const over = { tags: { suppress_in_code_blocks: true } };
  const any = [regex('content', 'rm -rf')];
  const texts = ['run rm -rf', 'run `rm -rf`', '```\nrm -rf\n```', '| a | "rm -rf" |', '```\nx\n```\nrm -rf'];
  expect(texts.map((text) => matches(any, said(text), over))).toEqual([true, false, false, false, true]);
});

test.each<[string, object, AtrReadOptions, string]>([
  ['a draft', { status: 'draft' }, {}, 'rules of status draft are not run'],
  [
    'a trace rule',
    { detection: { method: 'trace', conditions: [], condition: 'any' } },
    {},
    'a trace rule needs a whole trace of spans',
  ],
  [
    'an unknown operator',
    { detection: { conditions: [{ field: 'content', operator: 'gt', value: '1' }], condition: 'any' } },
    {},
    'operator is regex, contains',
  ],
  [
    'a broken expression',
    { detection: { conditions: [regex('content', '(a')], condition: 'any' } },
    {},
    'there is a ( without its )',
  ],
  [
    'a condition that there is not',
    { detection: { conditions: [regex('content', 'a')], condition: 'some' } },
    {},
    'condition is any or all (got "some")',
  ],
  ['no severity', { severity: 'bad' }, { refuseStatuses: [] }, 'severity is one of critical'],
])('%s is refused with its reason', (_what, over, options, reason) => {
  const document = { ...base, detection: { conditions: [regex('content', 'a')], condition: 'any' }, ...over };
  const { rules, refused } = readAtrRules([{ source: 't', document }], options);
  expect(rules).toEqual([]);
  expect(refused[0]?.faults.map(({ message }) => message).join()).toContain(reason);
});
