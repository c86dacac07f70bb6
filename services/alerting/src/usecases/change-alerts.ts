// What people do to alerts that fire: acknowledge, assign, comment. Each is one transaction with its history and its events.
import type { OutgoingRecord } from '@tmws/events';
import { isResolved } from '../domain/alert.ts';
import type { AlertStore, Clock, HistoryEntry, KnownAlert, StoredAlert } from '../ports.ts';
import type { Board } from './board.ts';

interface Changing {
  readonly store: AlertStore;
  readonly board: Board;
  readonly clock: Clock;
  readonly eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[];
  /** Told after a commit that changed something. */
  readonly stored: (what: { events: boolean }) => void;
}

export interface ChangedAlerts {
  /** As they are after it, in the order they were named, each once. */
  readonly alerts: readonly StoredAlert[];
  /** Names of no alert that fires: nothing was changed of these. */
  readonly unknown: readonly string[];
}

/**
 * Changes to alerts that fire, by fingerprint, on behalf of the person `by`.
 *
 *   H1  whoever asks for what is so already changes nothing: no history, no event, no revision
 *   H2  what was acknowledged and assigned ends with the occurrence (told.ts, T3)
 *
 * All throw Problem `unavailable` while the store is away; nothing was changed then.
 */
export interface AlertChanges {
  /** `by` looks after them; the last one to say so does. With `assign`, also takes those that are nobody's. */
  acknowledge(
    namespace: string,
    by: string,
    fingerprints: readonly string[],
    given: { readonly comment: string; readonly assign: boolean },
  ): Promise<ChangedAlerts>;
  /** Whoever acknowledged them: nobody looks after them any more. */
  unacknowledge(
    namespace: string,
    by: string,
    fingerprints: readonly string[],
    given: { readonly comment: string },
  ): Promise<ChangedAlerts>;
  /** '' = nobody. */
  assign(
    namespace: string,
    by: string,
    fingerprints: readonly string[],
    given: { readonly assignee: string; readonly comment: string },
  ): Promise<ChangedAlerts>;
  /** Each call is a comment of its own. */
  comment(
    namespace: string,
    by: string,
    fingerprints: readonly string[],
    given: { readonly text: string },
  ): Promise<ChangedAlerts>;
}

type Entry = Pick<HistoryEntry, 'kind' | 'doc'>;
/** What becomes of one alert; no entries: nothing. */
type Change = (alert: StoredAlert, nowMs: number) => { readonly alert: KnownAlert; readonly entries: readonly Entry[] };

export function openAlertChanges({ store, board, clock, eventsOf, stored }: Changing): AlertChanges {
  const change = async (namespace: string, named: readonly string[], one: Change): Promise<ChangedAlerts> => {
    const fingerprints = [...new Set(named)];
    const nowMs = clock();
    const { put, events } = await store.write(nowMs, async (writing) => {
      await board.refresh(writing);
      const changed = fingerprints.flatMap((fingerprint) => {
        const known = firing(board, namespace, fingerprint, nowMs);
        return known === undefined ? [] : [one(known, nowMs)];
      });
      const entries = changed.flatMap(({ alert: { fingerprint }, entries }) =>
        entries.map((entry): HistoryEntry => ({ namespace, fingerprint, atMs: nowMs, ...entry })),
      );
      const put = await writing.putAlerts(changed.filter(({ entries }) => entries.length > 0).map(({ alert }) => alert));
      await writing.remember(entries);
      const records = eventsOf(entries);
      await writing.send(records);
      return { put, events: records.length > 0 };
    });
    board.apply(put);
    if (put.length > 0) stored({ events });
    const alerts = fingerprints.flatMap((fingerprint) => firing(board, namespace, fingerprint, nowMs) ?? []);
    const found = new Set(alerts.map(({ fingerprint }) => fingerprint));
    return { alerts, unknown: fingerprints.filter((fingerprint) => !found.has(fingerprint)) };
  };
  return {
    acknowledge: (namespace, by, fingerprints, { comment, assign }) =>
      change(namespace, fingerprints, (alert, nowMs) => {
        const { acknowledged, assignee } = alert;
        const known = acknowledged?.by === by && (comment === '' || comment === acknowledged.comment);
        const takes = assign && assignee === '';
        return {
          alert: {
            ...alert,
            acknowledged: known ? acknowledged : { by, atMs: nowMs, comment },
            assignee: takes ? by : assignee,
          },
          entries: [
            ...(known ? [] : [{ kind: 'acknowledged', doc: { by, text: comment } } as const]),
            ...(takes ? [{ kind: 'assigned', doc: { by, text: '', assignee: by } } as const] : []),
          ],
        };
      }),

    unacknowledge: (namespace, by, fingerprints, { comment }) =>
      change(namespace, fingerprints, (alert, nowMs) => ({
        // Its escalation begins anew: with the next look at what is due, which is at once.
        alert: {
          ...alert,
          acknowledged: undefined,
          ...(alert.handling?.escalation !== undefined && {
            handling: { ...alert.handling, escalation: { step: 0, sinceMs: nowMs }, dueMs: nowMs },
          }),
        },
        entries: alert.acknowledged === undefined ? [] : [{ kind: 'unacknowledged', doc: { by, text: comment } }],
      })),

    assign: (namespace, by, fingerprints, { assignee, comment }) =>
      change(namespace, fingerprints, (alert) => ({
        alert: { ...alert, assignee },
        entries: alert.assignee === assignee ? [] : [{ kind: 'assigned', doc: { by, text: comment, assignee } }],
      })),

    comment: (namespace, by, fingerprints, { text }) =>
      change(namespace, fingerprints, (alert) => ({ alert, entries: [{ kind: 'commented', doc: { by, text } }] })),
  };
}

function firing(board: Board, namespace: string, fingerprint: string, nowMs: number): StoredAlert | undefined {
  const alert = board.alert(namespace, fingerprint);
  return alert?.told === 'firing' && !isResolved(alert, nowMs) ? alert : undefined;
}
