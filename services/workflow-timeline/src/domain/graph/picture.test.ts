import fc from 'fast-check';
import type { Attempt } from '../attempt.ts';
import { dotText } from './dot.ts';
import { drawableText } from '../drawable-text.ts';
import type { Dependency } from '../fact.ts';
import { mermaidOf, mermaidText } from './mermaid.ts';
import { wholePicture } from './picture.ts';
import { stepKeyOf } from '../step-key.ts';
import { type TimelineRow, timelineRows } from '../timeline.ts';

interface Given {
  id: string;
  name?: string;
  kind?: string;
  path?: readonly string[];
  after?: readonly string[];
}

const attemptOf = ({ id, name = '', kind = '', path = [], after = [] }: Given): Attempt => ({
  step: { stepKey: stepKeyOf(path, id, 0), stepId: id, path, iteration: 0 },
  attempt: 0,
  status: 'planned',
  name,
  kind,
  readyNs: undefined,
  queuedNs: undefined,
  startNs: undefined,
  endNs: undefined,
  waits: [],
  dependsOn: after.map((stepId): Dependency => ({ stepId, kind: 'data', path: undefined, iteration: undefined })),
  resource: undefined,
  usage: undefined,
  span: undefined,
  error: undefined,
});
/** Rows in the order given, which matters to the tests; without times timelineRows sorts by key. */
const rowsOf = (given: readonly Given[]): TimelineRow[] => {
  const rows = timelineRows(given.map(attemptOf));
  return given.map(({ id, path = [] }) => rows.find(({ step }) => step.stepKey === stepKeyOf(path, id, 0))!);
};
const none: ReadonlySet<string | undefined> = new Set();
const agent: readonly Given[] = [
  { id: 'agent', kind: 'agent' },
  { id: 'llm', path: ['agent'], kind: 'llm' },
  { id: 'tool', path: ['agent'], after: ['llm'] },
];

test('a run is drawn in DOT', () => {
  const rows = rowsOf(agent);
  expect(dotText(wholePicture(rows, new Set([rows[1]!.step.stepKey])))).toBe(`digraph execution {
  rankdir=LR;
  node [shape=box];
  n0 [label="agent\\nagent"];
  n1 [label="llm\\nllm", penwidth=2, color=red];
  n2 [label="tool"];
  n1 -> n2;
  n0 -> n1 [style=dashed, arrowhead=none];
  n0 -> n2 [style=dashed, arrowhead=none];
}
`);
});

test('a run is drawn in Mermaid', () => {
  const rows = rowsOf(agent);
  expect(mermaidOf(rows, new Set([rows[1]!.step.stepKey]))).toEqual({
    collapsedBy: '',
    text: `flowchart LR
  classDef critical stroke-width:3px
  n0["agent<br/>agent"]
  n1["llm<br/>llm"]:::critical
  n2["tool"]
  n1 --> n2
  n0 -.- n1
  n0 -.- n2
`,
  });
});

const hostile = [
  '"',
  ']',
  'a\nb',
  '\\',
  '\\"',
  '"];\nn0 -> n1',
  'end',
  '%%{init: {}}%%',
  '`**x**`',
  '<b>',
  '&amp;',
  '#quot;',
  '日本',
  '😀',
  '\ud800',
  '\0',
  '{}|()',
  '\\N',
  '---',
  '1. x',
];
const names = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.string({ minLength: 1 }),
);

/** DOT's lexer: `\"` is a quote, `\\` stays; then what a label makes of the escapes and entities. */
const readDot = (label: string): string =>
  label.replace(/\\(.)|&amp;/g, (_, escape: string | undefined) => (escape === undefined ? '&' : escape === 'n' ? '\n' : escape));
const readMermaid = (label: string): string =>
  label.replace(/<br\/>|#(\d+);/g, (_, code: string | undefined) =>
    code === undefined ? '\n' : String.fromCodePoint(Number(code)),
  );

test('any name comes back out of DOT, and none becomes syntax', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), (list) => {
      const rows = rowsOf(list.map((name, i) => ({ id: `s${i}`, name, after: i > 0 ? [`s${i - 1}`] : [] })));
      const lines = dotText(wholePicture(rows, none)).split('\n').slice(3, -2);
      expect(lines.length).toBe(2 * list.length - 1);
      list.forEach((name, i) => {
        const [, label] = /^ {2}n\d+ \[label="((?:[^"\\]|\\.)*)"\];$/.exec(lines[i]!) ?? [];
        expect(readDot(label!)).toBe(drawableText(name));
      });
    }),
    { numRuns: 500 },
  );
});

test('any name comes back out of Mermaid, and none becomes syntax', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), (list) => {
      const rows = rowsOf(list.map((name, i) => ({ id: `s${i}`, name, after: i > 0 ? [`s${i - 1}`] : [] })));
      const lines = mermaidText(wholePicture(rows, none)).split('\n').slice(2, -1);
      expect(lines.length).toBe(2 * list.length - 1);
      list.forEach((name, i) => {
        const [, label] = /^ {2}n\d+\["((?:[\p{L}\p{M}\p{N} _]|#\d+;|<br\/>)*)"\]$/u.exec(lines[i]!) ?? [];
        expect(readMermaid(label!)).toBe(drawableText(name));
      });
    }),
    { numRuns: 500 },
  );
});

test('what Mermaid would not draw is collapsed by kind and level, then by kind, then refused', () => {
  const fan = Array.from({ length: 501 }, (_, i): Given => ({ id: `m${i}`, kind: 'map', after: ['split'] }));
  const collapsed = mermaidOf(rowsOf([{ id: 'split' }, ...fan]), none);
  expect(collapsed).toEqual({
    collapsedBy: 'kind and level',
    text: `%% 502 steps, collapsed by kind and level
flowchart LR
  classDef critical stroke-width:3px
  n0["step<br/>1 step at level 0"]
  n1["map<br/>501 steps at level 1"]
  n0 --> n1
`,
  });
  const chain = Array.from({ length: 600 }, (_, i): Given => ({
    id: `c${i}`,
    kind: i % 2 === 0 ? 'odd' : 'even',
    after: i > 0 ? [`c${i - 1}`] : [],
  }));
  expect(mermaidOf(rowsOf(chain), none)).toMatchObject({
    collapsedBy: 'kind',
    text: expect.stringContaining('n0["odd<br/>300 steps"]\n  n1["even<br/>300 steps"]\n  n0 --> n1\n  n1 --> n0\n') as string,
  });
  expect(mermaidOf(rowsOf(chain.map((step, i) => ({ ...step, kind: `kind ${i}` }))), none)).toBeUndefined();
});

test('names too long for Mermaid are collapsed though edges are few', () => {
  const long = Array.from({ length: 60 }, (_, i): Given => ({ id: `s${i}`, name: 'n'.repeat(1000) }));
  expect(mermaidOf(rowsOf(long), none)?.collapsedBy).toBe('kind and level');
});
