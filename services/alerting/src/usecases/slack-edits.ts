// What people did in Slack is shown in the messages that tell of those alerts: an edit of each goes through the ledger, so that it is
// tried again like any message and no older one comes after it.
import { randomUUID } from 'node:crypto';
import type { LabelSet } from '../domain/label-set.ts';
import { notifiedName } from '../domain/notify-decision.ts';
import type { AlertStore, Clock, NewNotification, StoredAlert } from '../ports.ts';
import type { AlertReads, LookAtCare, WaitingGroup } from '../read-ports.ts';
import type { Board } from './board.ts';
import { notificationDoc } from './group-doc.ts';
import { escalationGroup, escalationRoute } from './look-at-escalation.ts';
import type { Telling } from './telling.ts';

export interface SlackEditing extends Pick<Telling, 'integrationsOf'> {
  readonly store: AlertStore;
  readonly reads: Pick<AlertReads, 'groups'>;
  readonly board: Board;
  readonly clock: Clock;
  readonly externalUrl: () => string;
  readonly care: LookAtCare;
  /** Names of all there are. */
  readonly receivers: () => readonly string[];
  /** Told after a commit. */
  readonly stored: () => void;
}

/** Groups that an alert may be told in besides the one that was pressed; more show it with their next message. */
const mostGroups = 50;

interface Named {
  readonly routeId: string;
  readonly groupKey: string;
  readonly labels: LabelSet;
  readonly receiver: string;
}

/** Puts an edit for each Slack message of groups that hold these alerts. @returns false if one of them is being sent to at the moment */
export function editSlackMessages(given: SlackEditing) {
  const { store, reads, board, clock, externalUrl, care, receivers, integrationsOf, stored } = given;
  return async (namespace: string, alerts: readonly StoredAlert[], reason: 'acknowledged' | 'silenced'): Promise<boolean> => {
    const bots = (receiver: string): string[] =>
      integrationsOf(receiver).flatMap(({ name }) => (name.startsWith('slack_bot/') ? [name] : []));
    const named = [...namedGroups(alerts)].filter(({ receiver }) => bots(receiver).length > 0).slice(0, mostGroups);
    if (named.length === 0) return true;
    const nowMs = clock();
    const known = await reads.groups(namespace, named);
    const edits = named.flatMap((group) => {
      const waiting = known.find(({ routeId, groupKey }) => routeId === group.routeId && groupKey === group.groupKey);
      const messages = waiting === undefined ? [] : bots(group.receiver).flatMap((bot) => edit(group, waiting, bot) ?? []);
      return messages.length === 0 ? [] : [{ group, messages }];
    });
    if (edits.length === 0) return true;
    const done = await store.write(nowMs, async (writing) => {
      let all = true;
      for (const { group, messages } of edits) {
        const { routeId, groupKey, labels } = group;
        const place = { namespace, routeId, groupKey, labels, flushAtMs: nowMs };
        all = (await writing.notify(place, messages, nowMs)) && all;
      }
      return all;
    });
    stored();
    return done;

    function edit({ receiver, labels, groupKey }: Named, { notified }: WaitingGroup, name: string): NewNotification | undefined {
      const last = notified.get(notifiedName(receiver, name));
      if (last?.handle === undefined || last.firing.length === 0) return undefined;
      const { firing, resolved } = last;
      const told = [...firing, ...resolved].flatMap((fingerprint) => board.alert(namespace, fingerprint) ?? []);
      const doc = notificationDoc(told, { receiver, groupLabels: labels, groupKey, externalURL: externalUrl() }, nowMs);
      // Whoever sends it may not have heard of it yet.
      const text = JSON.stringify({ ...doc, care: care(namespace, { receiver, groupKey }, firing) });
      return { id: randomUUID(), receiver, integration: name, reason, doc: text, firing, resolved };
    }
  };

  function* namedGroups(alerts: readonly StoredAlert[]): Iterable<Named> {
    const seen = new Set<string>();
    for (const alert of alerts) {
      const { namespace, labels } = alert;
      const own = board.placements(alert).map(({ route, key, labels: group }) => ({
        ...{ routeId: route.id, groupKey: key, labels: group, receiver: route.options.receiver },
      }));
      const escalations = receivers().map((receiver) => ({
        ...{ routeId: escalationRoute(receiver), groupKey: escalationGroup(alert, receiver, 0).groupKey, labels, receiver },
      }));
      for (const each of alert.handling?.escalation === undefined ? own : [...own, ...escalations]) {
        const name = JSON.stringify([namespace, each.routeId, each.groupKey]);
        if (seen.has(name)) continue;
        seen.add(name);
        yield each;
      }
    }
  }
}
