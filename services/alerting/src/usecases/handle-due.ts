// What time alone changes of alerts: one that was held counts, one that flapped is calm, the next people hear of one that nobody
// acknowledged.
import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@tmws/events';
import { isResolved } from '../domain/alert.ts';
import { escalate, type EscalationState } from '../domain/escalation.ts';
import type { Matcher } from '../domain/matcher.ts';
import { alertStatus, routeMutes } from '../domain/muting.ts';
import { type AlertPolicy, rulesFor } from '../domain/policy.ts';
import type { AlertStore, AlertWriting, Clock, HistoryEntry, KnownAlert, NewNotification, StoredAlert } from '../ports.ts';
import { notificationDoc } from './group-doc.ts';
import { escalationGroup } from './look-at-escalation.ts';
import type { Telling } from './telling.ts';
import { placesOf } from './places-of.ts';
import { underPolicy, type UnderPolicy } from './under-policy.ts';

interface HandlingDue extends Pick<Telling, 'board' | 'integrationsOf'> {
  readonly store: AlertStore;
  readonly clock: Clock;
  readonly policy: () => AlertPolicy;
  /** Alerts that match are told at once. */
  readonly bypass: () => readonly Matcher[];
  readonly intervals: () => Telling['intervals'];
  readonly externalUrl: () => string;
  /** A group, or a message that could not be sent, waits no longer. */
  readonly longestWaitMs: () => number;
  readonly eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[];
  /** Told after a commit. */
  readonly stored: () => void;
  /** Never goes back; absent: this machine's own. */
  readonly steadyMs?: () => number;
}

/** Most alerts of one commit. */
const portion = 500;
/** When a step's receiver is just being told of the alert, the step waits. */
const againMs = 1_000;
/** A clock that goes back by more was set. */
const setBackMs = 1_000;
/** What was begun before is stored within this time. */
const lateWritesMs = 30_000;

/**
 * Handles what is due. Any replica may; each deadline is met by one of them.
 *
 *   E3  a step and its messages are stored together: each is told once, whoever is killed, however many replicas there are
 *   E4  a step that falls due while something mutes the alert, or while history does not say that it fires, is not taken: its time
 *       begins anew
 *   E5  after the clock was set back everything that waits is looked at anew, groups and messages too: nothing waits longer than its time
 */
export function handleDue(given: HandlingDue): () => Promise<number> {
  const { store, board, clock, policy, bypass, eventsOf, stored } = given;
  const steadyMs = given.steadyMs ?? (() => performance.now());
  let lastMs = -Infinity;
  let forwardUntilMs = steadyMs() + lateWritesMs;
  return async () => {
    const nowMs = clock();
    const setBack = nowMs < lastMs - setBackMs;
    lastMs = nowMs;
    // What was begun by the clock as it was may be stored only now; at a start the clock may have been set back before.
    if (setBack) forwardUntilMs = steadyMs() + lateWritesMs;
    const forward = steadyMs() < forwardUntilMs;
    const due = setBack ? [...waiting(given)] : await store.dueAlerts(nowMs, portion);
    if (due.length === 0 && !forward) return 0;
    const { put, late } = await store.write(nowMs, async (writing) => {
      await board.refresh(writing);
      const late = forward && (await writing.bringForward(nowMs, given.longestWaitMs(), setBack ? 'ever' : 'later'));
      const alerts: KnownAlert[] = [];
      const entries: HistoryEntry[] = [];
      const counting: KnownAlert[] = [];
      for (const { namespace, fingerprint } of due) {
        const known = board.alert(namespace, fingerprint);
        const dueMs = known?.handling?.dueMs;
        if (known === undefined || dueMs === undefined || (dueMs > nowMs && !setBack)) continue;
        const what = underPolicy(known, false, policy(), bypass(), nowMs);
        const stepped = await takeStep(writing, what, known, nowMs, given);
        alerts.push(stepped.alert);
        entries.push(...stepped.entries);
        if (what.counts) counting.push(stepped.alert);
      }
      const put = await writing.putAlerts(alerts);
      await writing.remember(entries);
      await writing.place(placesOf(board, counting, bypass(), nowMs));
      await writing.send(eventsOf(entries));
      return { put, late };
    });
    board.apply(put);
    if (put.length > 0 || setBack || late) stored();
    return put.length;
  };
}

function* waiting({ board }: HandlingDue): Iterable<StoredAlert> {
  for (const namespace of board.namespaces())
    for (const alert of board.alerts(namespace)) if (alert.handling?.dueMs !== undefined) yield alert;
}

async function takeStep(
  writing: AlertWriting,
  { alert, entries }: UnderPolicy,
  known: StoredAlert,
  nowMs: number,
  given: HandlingDue,
): Promise<Pick<UnderPolicy, 'alert' | 'entries'>> {
  const { handling } = alert;
  const state = handling?.escalation;
  const steps = rulesFor(given.policy(), alert.labels).escalation?.steps ?? [];
  if (state === undefined) return { alert, entries };
  const about = { acknowledged: alert.acknowledged !== undefined, resolved: isResolved(alert, nowMs) };
  const decision = escalate(steps, state, about, nowMs);
  if (decision.kind !== 'escalate') return { alert, entries };
  const next = (escalation: EscalationState): KnownAlert =>
    underPolicy({ ...alert, handling: { ...handling, escalation } }, false, given.policy(), given.bypass(), nowMs).alert;
  if (isMuted(known, given, nowMs)) return { alert: next({ ...state, sinceMs: nowMs }), entries };
  const { receiver, reason } = decision;
  const group = escalationGroup(alert, receiver, nowMs);
  const noted = { ...known, annotations: { ...alert.annotations, tmws_escalation: reason } };
  const told = { receiver, groupLabels: alert.labels, groupKey: group.groupKey, externalURL: given.externalUrl() };
  const doc = JSON.stringify(notificationDoc([noted], told, nowMs));
  const messages = given.integrationsOf(receiver).map(({ name }): NewNotification => ({
    ...{ id: randomUUID(), receiver, integration: name, reason: 'escalation', doc },
    ...{ firing: [alert.fingerprint], resolved: [] },
  }));
  if (!(await writing.notify(group, messages, nowMs))) {
    return { alert: { ...alert, handling: { ...handling, dueMs: nowMs + againMs } }, entries };
  }
  const { namespace, fingerprint } = alert;
  const details = { text: reason, receiver, step: decision.state.step, steps: steps.length };
  return {
    alert: next(decision.state),
    entries: [...entries, { namespace, fingerprint, atMs: nowMs, kind: 'escalated', doc: details }],
  };
}

function isMuted(alert: StoredAlert, { board, intervals }: HandlingDue, nowMs: number): boolean {
  const by = { silences: [...board.silences(alert.namespace)], inhibition: board.inhibition(alert.namespace) };
  if (alertStatus(alert, by, nowMs).state === 'suppressed') return true;
  const placements = board.placements(alert);
  return placements.length > 0 && placements.every(({ route }) => routeMutes(route, intervals(), nowMs).length > 0);
}
