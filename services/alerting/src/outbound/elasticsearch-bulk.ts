// The body of a _bulk request, and what its answer says of each document. Source: Elasticsearch's "Bulk API"; OpenSearch has the same.
import { ecsDocument } from '../domain/siem/ecs.ts';
import type { SiemAlert } from '../domain/siem/siem-alert.ts';

const dayPattern = /%\{([^}]*)\}/g;

/** Why an index is none; empty: it is one. */
export function indexFaults(index: string): string[] {
  const patterns = [...index.matchAll(dayPattern)].map(([, pattern = '']) => pattern);
  const odd = patterns.filter((pattern) => !/^(?:yyyy|MM|dd|[._-])+$/.test(pattern));
  const faults = odd.map((pattern) => `index: %{${pattern}} must be made of yyyy, MM, dd, dots and dashes, like %{yyyy.MM.dd}`);
  const rest = index.replace(dayPattern, '');
  if (/[A-Z\\/*?"<>|\s,#:%]/.test(rest) || /^[-_+]/.test(rest))
    faults.push(
      `index: ${JSON.stringify(index)} must be in small letters, without spaces and any of \\ / * ? " < > | , # : %, and not begin with - _ +`,
    );
  return faults;
}

/** The index of a day, in UTC. */
export function indexAt(index: string, atMs: number): string {
  const [yyyy = '', mm = '', dd = ''] = new Date(atMs).toISOString().slice(0, 10).split('-');
  return index.replace(dayPattern, (_, pattern: string) =>
    pattern.replaceAll('yyyy', yyyy).replaceAll('MM', mm).replaceAll('dd', dd),
  );
}

/** Two lines: `create` fails with 409 where the _id is taken, so nothing is there twice, and a data stream takes it too. */
export const bulkLines = (index: string, alert: SiemAlert): string =>
  `${JSON.stringify({ create: { _index: indexAt(index, alert.atMs), _id: alert.id } })}\n${JSON.stringify(ecsDocument(alert))}\n`;

export type ItemOutcome = { readonly done: true } | { readonly done: false; readonly again: boolean; readonly why: string };

/** Of each document, in order; undefined: it is no answer to so many documents. */
export function readBulkAnswer(body: string, documents: number): ItemOutcome[] | undefined {
  let answer: { readonly items?: unknown } | null;
  try {
    answer = JSON.parse(body) as typeof answer;
  } catch {
    return undefined;
  }
  const items = answer?.items;
  if (!Array.isArray(items) || items.length !== documents) return undefined;
  return items.map((item: unknown) => outcomeOf((item as { create?: BulkItem } | null)?.create));
}

interface BulkItem {
  readonly status?: unknown;
  readonly error?: { readonly type?: unknown; readonly reason?: unknown } | string;
}

function outcomeOf(item: BulkItem | undefined): ItemOutcome {
  const status = Number(item?.status ?? 0);
  // 409: it is there already, from an attempt whose answer was lost.
  if ((status >= 200 && status < 300) || status === 409) return { done: true };
  const error = typeof item?.error === 'object' ? item.error : { reason: item?.error };
  const words = [error.type, error.reason].filter((text) => typeof text === 'string').join(': ');
  const why = `${status} ${words}`.trim().replace(/[^ -~]/g, ' ').slice(0, 200); // prettier-ignore
  return { done: false, again: status === 429 || status >= 500 || status === 0, why };
}
