// What fired at an instant, from history.
import type { LabelSet } from './label-set.ts';

/** An entry of history, as far as it is looked at here. */
export interface PastEntry {
  readonly fingerprint: string;
  readonly atMs: number;
  readonly kind: string;
  readonly doc: Readonly<Record<string, unknown>>;
}

/** An alert as it was. */
export interface PastAlert {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAtMs: number;
  readonly generatorUrl: string;
  /** The last entry before then that changed it. */
  readonly updatedAtMs: number;
  readonly acknowledged: { readonly by: string; readonly atMs: number; readonly comment: string } | undefined;
  /** '' = nobody. */
  readonly assignee: string;
}

/**
 * Alerts as entries leave them, by fingerprint.
 *
 *   P1  an alert fires from its `fired` up to, and not at, its `resolved`: half-open, by the time history has of them
 *   P2  labels, annotations, acknowledgement and assignee are those of the entries so far
 *   P3  an occurrence begins without what was said of the one before
 *
 * @param entries  in the order they were written; of each alert from a `fired` on
 */
export function pastAlerts(entries: Iterable<PastEntry>): Map<string, PastAlert> {
  const found = new Map<string, PastAlert>();
  for (const { fingerprint, atMs, kind, doc } of entries) {
    const text = (name: string): string => (typeof doc[name] === 'string' ? doc[name] : '');
    if (kind === 'resolved') found.delete(fingerprint);
    if (kind === 'fired') {
      found.set(fingerprint, {
        fingerprint,
        labels: doc.labels as LabelSet,
        annotations: (doc.annotations as LabelSet | undefined) ?? {},
        startsAtMs: typeof doc.startsAtMs === 'number' ? doc.startsAtMs : atMs,
        generatorUrl: text('generatorUrl'),
        updatedAtMs: atMs,
        acknowledged: undefined,
        assignee: '',
      });
    }
    const known = found.get(fingerprint);
    if (known === undefined) continue;
    const next = changedBy(kind, { known, atMs, doc, text });
    if (next !== undefined) found.set(fingerprint, { ...next, updatedAtMs: atMs });
  }
  return found;
}

function changedBy(
  kind: string,
  { known, atMs, doc, text }: { known: PastAlert; atMs: number; doc: PastEntry['doc']; text: (name: string) => string },
): PastAlert | undefined {
  if (kind === 'changed') return { ...known, annotations: doc.annotations as LabelSet };
  if (kind === 'acknowledged') return { ...known, acknowledged: { by: text('by'), atMs, comment: text('text') } };
  if (kind === 'unacknowledged') return { ...known, acknowledged: undefined };
  if (kind === 'assigned') return { ...known, assignee: text('assignee') };
  return undefined;
}
