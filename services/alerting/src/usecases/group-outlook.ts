import { isResolved } from '../domain/alert.ts';
import { decisionText } from '../domain/explanation-words.ts';
import { firstFlush } from '../domain/grouping.ts';
import { dampedBy } from '../domain/handling.ts';
import { groupIdOf } from '../domain/group-id.ts';
import type { LabelSet } from '../domain/label-set.ts';
import type { Matcher } from '../domain/matcher.ts';
import { alertStatus, routeMutes } from '../domain/muting.ts';
import { decideNotify, notifiedName } from '../domain/notify-decision.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import type { StoredAlert } from '../ports.ts';
import type { WaitingGroup } from '../read-ports.ts';
import type { Board, Placement } from './board.ts';
import type { Integration } from './look-at-group.ts';

export interface IntegrationOutlook {
  readonly integration: string;
  /** It is told of this alert at the next look, as far as is known now. */
  readonly notify: boolean;
  readonly reason: string;
  readonly lastToldMs: number | undefined;
}

export interface GroupOutlook {
  readonly groupId: string;
  readonly receiver: string;
  readonly labels: LabelSet;
  readonly nextMs: number;
  readonly repeatIntervalMs: number;
  readonly integrations: readonly IntegrationOutlook[];
}

interface Looking {
  readonly board: Board;
  readonly intervals: () => ReadonlyMap<string, TimeInterval>;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  readonly bypass: () => readonly Matcher[];
}

interface About {
  readonly about: StoredAlert;
  /** It has not fired for long enough. */
  readonly held: boolean;
  readonly placement: Placement;
  readonly waiting: WaitingGroup | undefined;
}

/** What the next look at the group would tell of this alert, by the rules of `lookAtGroup`. */
export function groupOutlook(
  { about, held, placement, waiting }: About,
  { board, intervals, integrationsOf, bypass }: Looking,
  nowMs: number,
): GroupOutlook {
  const { route, key, labels } = placement;
  const { receiver, repeatIntervalMs, groupWaitMs } = route.options;
  const others = board.members(about.namespace, route.id, key).filter(({ fingerprint }) => fingerprint !== about.fingerprint);
  const mutedBy = routeMutes(route, intervals(), nowMs);
  const by = { silences: [...board.silences(about.namespace)], inhibition: board.inhibition(about.namespace), mutedBy };
  const heard = [...others, about].filter((alert) => alertStatus(alert, by, nowMs).state === 'active');
  const ended = (alert: StoredAlert): boolean => isResolved(alert, nowMs) && dampedBy(alert, nowMs) !== 'lingering';
  const firing = heard.filter((alert) => !ended(alert));
  const itself = heard.includes(about);
  const over = ended(about);
  const integrations = integrationsOf(receiver).map(({ name, sendResolved }): IntegrationOutlook => {
    const last = waiting?.notified.get(notifiedName(receiver, name));
    const answer = (notify: boolean, reason: string): IntegrationOutlook => ({
      integration: name,
      notify,
      reason,
      lastToldMs: last?.atMs,
    });
    if (!itself) return answer(false, 'something mutes it, so no message names it');
    if (held) return answer(false, 'it has not fired for long enough yet');
    if (last?.flapping?.includes(about.fingerprint) === true)
      return answer(false, 'it was told that this fires and resolves too often, and is told what it is when it is calm');
    if (over && last?.firing.includes(about.fingerprint) !== true)
      return answer(false, 'it is resolved, and this was not told that it fired');
    if (over && !sendResolved) return answer(false, 'it is resolved, and this is not told of what is (send_resolved)');
    if (waiting?.open.get(name) === 'sending') return answer(false, 'a message is on its way; it is looked at again after that');
    const resolved = heard.filter((alert) => ended(alert) && last?.firing.includes(alert.fingerprint) === true);
    const now = {
      firing: firing.map(({ fingerprint }) => fingerprint),
      resolved: resolved.map(({ fingerprint }) => fingerprint),
    };
    const atMs = Math.max(nowMs, waiting?.nextMs ?? nowMs);
    const { notify, reason } = decideNotify(last, now, { sendResolved, repeatIntervalMs }, atMs);
    if (reason === 'repeat' && firing.every(({ acknowledged }) => acknowledged !== undefined))
      return answer(false, 'all that fires is acknowledged, so it is not repeated');
    const waits = waiting?.open.has(name) === true ? '; a message that could not be sent yet is replaced by that one' : '';
    return answer(notify, decisionText(reason, { lastMs: last?.atMs, repeatIntervalMs, nowMs }) + (notify ? waits : ''));
  });
  return {
    groupId: groupIdOf(route.id, key),
    receiver,
    labels,
    nextMs: waiting?.nextMs ?? firstFlush(about, groupWaitMs, bypass(), nowMs).atMs,
    repeatIntervalMs,
    integrations,
  };
}
