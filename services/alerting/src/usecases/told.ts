// What an arrival, or the passing of time, is worth telling of an alert: history entries and events are made from it.
import { type Alert, isResolved } from '../domain/alert.ts';
import { isOver } from '../domain/handling.ts';
import type { HistoryEntry, KnownAlert } from '../ports.ts';

/** The alert with what history now says, and the entries that say it. */
export interface Told {
  readonly alert: KnownAlert;
  readonly entries: readonly HistoryEntry[];
  /** It fires, and did not, or as another occurrence. */
  readonly fired: boolean;
}

/**
 * Compares what is known of a label set with what it is now.
 *
 *   T1  `fired` and `resolved` take turns in the history of a label set
 *   T2  an occurrence that ended unseen is resolved at its end before the next one fires
 *   T3  what was acknowledged and assigned ends with the occurrence
 *   T4  one that a policy lets linger is resolved when that time is over, and until then goes on
 */
export function told(
  namespace: string,
  known: KnownAlert | undefined,
  next: Alert,
  occurrence: 'new' | 'same',
  nowMs: number,
): Told {
  const lingers = known?.told === 'firing' && occurrence === 'same' && !isOver({ ...known, ...next }, nowMs);
  const fires = lingers || !isResolved(next, nowMs);
  const entry = (kind: HistoryEntry['kind'], atMs: number, doc: HistoryEntry['doc']): HistoryEntry => ({
    namespace,
    fingerprint: next.fingerprint,
    atMs,
    kind,
    doc,
  });
  const was = known?.told;
  const ended = was === 'firing' && occurrence === 'new';
  const fired = fires && (was !== 'firing' || ended);
  const entries: HistoryEntry[] = [];
  if (ended) entries.push(entry('resolved', nowMs, { endsAtMs: known?.endsAtMs ?? nowMs }));
  if (fired) {
    entries.push(
      entry('fired', nowMs, {
        labels: next.labels,
        annotations: next.annotations,
        startsAtMs: next.startsAtMs,
        generatorUrl: next.generatorUrl,
      }),
    );
  } else if (fires && known !== undefined && JSON.stringify(known.annotations) !== JSON.stringify(next.annotations)) {
    entries.push(entry('changed', nowMs, { annotations: next.annotations }));
  }
  if (!fires && was === 'firing' && !ended) entries.push(entry('resolved', nowMs, { endsAtMs: next.endsAtMs }));
  const says = fires ? 'firing' : 'resolved';
  const goesOn = known !== undefined && !fired && fires;
  return {
    fired,
    entries,
    alert: {
      ...next,
      namespace,
      told: says,
      toldAtMs: known !== undefined && was === says && !fired ? known.toldAtMs : nowMs,
      acknowledged: goesOn ? known.acknowledged : undefined,
      assignee: goesOn ? known.assignee : '',
      handling: known?.handling,
    },
  };
}
