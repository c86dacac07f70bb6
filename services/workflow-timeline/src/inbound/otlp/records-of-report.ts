// One execution's facts as records of tmws.workflow: one, or as many as the limits of a record ask for.
import { createHash } from 'node:crypto';
import type { Fact, StepsReported } from '@tmws/contracts';
import { acceptReported, type KnownKeys, type OutgoingRecord, toRecord } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { SpanReport } from '../spans/reports-of-spans.ts';
import type { Span } from '../spans/span.ts';
import { Refusals } from './refusals.ts';
import { WireWriter } from './wire-writer.ts';
import { writeFacts, writeReportHead } from './write-facts.ts';

const maxFacts = 10_000;
// A record is at most 1 MiB with its key and headers.
const maxValueBytes = 1024 * 1024 - 8 * 1024;

interface Item {
  readonly fact: Fact;
  readonly span: Span;
}

/** What the reports of one request have in common. */
export interface Packing {
  readonly refusals: Refusals;
  readonly known: KnownKeys;
  readonly writer: WireWriter;
}

export function packing(): Packing {
  return { refusals: new Refusals(), known: new Map(), writer: new WireWriter() };
}

/**
 * Checks, redacts and caps the facts, and packs them. The id of an event is made from its content, so that a request that is
 * sent again changes nothing.
 */
export function recordsOf(report: SpanReport, packing: Packing): OutgoingRecord[] {
  const items = report.reported.facts.flatMap((fact, i): Item[] => {
    const span = report.spans[i];
    return span === undefined ? [] : [{ fact, span }];
  });
  const records: OutgoingRecord[] = [];
  for (let from = 0; from < items.length; from += maxFacts) {
    const kept = keep(report, items.slice(from, from + maxFacts), packing);
    if (kept.length > 0) records.push(...pack(report, kept, packing));
  }
  return records;
}

/** Those that may enter, their messages redacted and capped in place. */
function keep(report: SpanReport, items: readonly Item[], { refusals, known }: Packing): readonly Item[] {
  try {
    check(report, items, known);
    return items;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  // One of them is wrong: each is asked alone. What is redacted already stays as it is.
  for (const item of items) {
    try {
      check(report, [item], known);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refusals.refuse(item.span, error.message);
    }
  }
  return items.filter(({ span }) => !refusals.has(span));
}

function check(report: SpanReport, items: readonly Item[], known: KnownKeys): void {
  acceptReported(reportedOf(report, items), eventOf(report), report.namespace, known);
}

function reportedOf({ reported }: SpanReport, items: readonly Item[]): StepsReported {
  return { ...reported, facts: items.map(({ fact }) => fact) };
}

function eventOf({ service, timeNs }: SpanReport): { id: string; source: string; timeNs: bigint } {
  return { id: 'otlp', source: sourceOf(service), timeNs };
}

function sourceOf(service: string): string {
  return service === '' ? '/otlp' : `/otlp/${encodeURIComponent(service.slice(0, 100).toWellFormed())}`;
}

function pack(report: SpanReport, items: readonly Item[], { refusals, writer }: Packing): OutgoingRecord[] {
  const reported = reportedOf(report, items);
  const head = writeReportHead(reported, writer);
  const records: OutgoingRecord[] = [];
  let parts = [head];
  let bytes = head.length;
  const flush = (): void => {
    if (parts.length > 1) records.push(recordOf(report, Buffer.concat(parts, bytes)));
    parts = [head];
    bytes = head.length;
  };
  writeFacts(reported, writer).forEach((fact, i) => {
    const span = items[i]?.span;
    if (head.length + fact.length > maxValueBytes) {
      if (span !== undefined)
        refusals.refuse(span, `with what is kept of it, it has ${fact.length} bytes; a record holds ${maxValueBytes}`);
      return;
    }
    if (bytes + fact.length > maxValueBytes) flush();
    parts.push(fact);
    bytes += fact.length;
  });
  flush();
  return records;
}

function recordOf(report: SpanReport, data: Buffer): OutgoingRecord {
  const { source, timeNs } = eventOf(report);
  return toRecord('tmws.workflow', {
    id: createHash('sha256').update(data).digest('hex').slice(0, 32),
    source,
    type: 'tmws.steps.reported',
    subject: report.reported.executionId,
    timeNs,
    dataContentType: 'application/protobuf',
    namespace: report.namespace,
    traceparent: undefined,
    data,
  });
}
