import { setImmediate as nextTurn } from 'node:timers/promises';
import { namespaceWithin } from '@tmws/contracts';
import type { OutgoingRecord } from '@tmws/events';
import { reportsOf } from '../spans/reports-of-spans.ts';
import type { ReadSpans } from './read-spans.ts';
import { packing, recordsOf } from './records-of-report.ts';
import type { Outcome } from './refusals.ts';
import type { Sender } from './sender.ts';

// So long one request may have the process for itself, ms.
const turnMs = 30;

/** Spans of a request as records, and what of them was refused. @param sender  whose namespace is that of spans whose resource names none */
export async function takeSpans(
  { traced, tooShort }: ReadSpans,
  sender: Sender,
): Promise<{ records: readonly OutgoingRecord[]; outcome: Outcome }> {
  const pack = packing();
  const { refusals } = pack;
  refusals.refuseUnread(tooShort, 'a span without ids or times');
  const namespaceOf = (named: string | undefined): string =>
    named === undefined ? sender.namespace : namespaceWithin(sender, named, 'the resource attribute tmws.namespace');
  const records: OutgoingRecord[] = [];
  let begin = performance.now();
  for (const report of reportsOf(traced, namespaceOf, refusals.refuse)) {
    records.push(...recordsOf(report, pack));
    if (performance.now() - begin > turnMs) {
      await nextTurn();
      begin = performance.now();
    }
  }
  const all = traced.reduce((sum, { spans }) => sum + spans.length, tooShort);
  return { records, outcome: refusals.outcome(all) };
}
