// History against what it was written from: random lives of alerts, kept as they were at each instant.
import fc from 'fast-check';
import { pastAlerts, type PastEntry } from './past-alerts.ts';

const step = fc.record({
  fingerprint: fc.constantFrom('a', 'b', 'c'),
  afterMs: fc.integer({ min: 0, max: 3 }),
  what: fc.constantFrom('toggle', 'toggle', 'change', 'acknowledge', 'unacknowledge', 'assign', 'comment'),
  word: fc.constantFrom('ann', 'ben', ''),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Live {
  annotations: Record<string, string>;
  by: string | undefined;
  assignee: string;
}

/** Entries as the service writes them, and by each instant what fired at its end. */
function lived(steps: readonly Step[]) {
  const entries: PastEntry[] = [];
  const firing = new Map<string, Live>();
  const at = new Map<number, Map<string, Live>>();
  let nowMs = 1000;
  for (const { fingerprint, afterMs, what, word } of steps) {
    nowMs += afterMs;
    const write = (kind: string, doc: PastEntry['doc']): void => void entries.push({ fingerprint, atMs: nowMs, kind, doc });
    const live = firing.get(fingerprint);
    if (what === 'toggle' && live === undefined) {
      firing.set(fingerprint, { annotations: { text: word }, by: undefined, assignee: '' });
      write('fired', { labels: { alertname: fingerprint }, annotations: { text: word }, startsAtMs: nowMs });
    } else if (what === 'toggle') {
      firing.delete(fingerprint);
      write('resolved', { endsAtMs: nowMs });
    } else if (live !== undefined) {
      if (what === 'change') [live.annotations] = [{ text: word }, write('changed', { annotations: { text: word } })];
      if (what === 'acknowledge') [live.by] = [word, write('acknowledged', { by: word, text: '' })];
      if (what === 'unacknowledge') [live.by] = [undefined, write('unacknowledged', { by: word, text: '' })];
      if (what === 'assign') [live.assignee] = [word, write('assigned', { by: 'x', text: '', assignee: word })];
      if (what === 'comment') write('commented', { by: word, text: 'x' });
    }
    at.set(nowMs, new Map([...firing].map(([name, each]) => [name, { ...each }])));
  }
  return { entries, at };
}

test('P1 P2 P3: up to any instant, history says what fired at its end, and who looked after it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { entries, at } = lived(steps);
      for (const [ms, live] of at) {
        const found = pastAlerts(entries.filter(({ atMs }) => atMs <= ms));
        const told = [...found.values()].map(({ fingerprint, annotations, acknowledged, assignee }) => [
          fingerprint,
          { annotations, by: acknowledged?.by, assignee },
        ]);
        expect(new Map(told as [string, Live][])).toEqual(live);
      }
    }),
    { numRuns: 300 },
  );
});
