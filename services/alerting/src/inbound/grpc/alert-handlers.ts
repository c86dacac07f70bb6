import type { AlertService, Handlers } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { isOver } from '../../domain/handling.ts';
import type { Clock, StoredAlert } from '../../ports.ts';
import type { Board } from '../../usecases/board.ts';
import type { AlertChanges, ChangedAlerts } from '../../usecases/change-alerts.ts';
import type { explainAlert } from '../../usecases/explain-alert.ts';
import type { FiringView } from '../../usecases/firing-alerts.ts';
import type { getAlert } from '../../usecases/get-alert.ts';
import type { JudgeAlerts } from '../../usecases/judge-alerts.ts';
import type { listAlerts } from '../../usecases/list-alerts.ts';
import type { listGroups } from '../../usecases/list-groups.ts';
import type { listHistory } from '../../usecases/list-history.ts';
import type { listPastAlerts } from '../../usecases/past-alerts.ts';
import type { watchAlerts } from '../../usecases/watch-alerts.ts';
import { type AlertMessage, type AlertMessages, countsMessage, instant } from './alert-messages.ts';
import { explanationMessage } from './explanation-message.ts';
import { historyMessage } from './history-message.ts';
import { givenText, instantOf, namedAlerts } from './requests.ts';

interface AlertHandlersOptions {
  readonly board: Board;
  readonly clock: Clock;
  readonly messages: AlertMessages;
  readonly firing: (namespace: string) => FiringView;
  readonly list: ReturnType<typeof listAlerts>;
  readonly past: ReturnType<typeof listPastAlerts>;
  readonly groups: ReturnType<typeof listGroups>;
  readonly get: ReturnType<typeof getAlert>;
  readonly history: ReturnType<typeof listHistory>;
  readonly explain: ReturnType<typeof explainAlert>;
  readonly changes: AlertChanges;
  /** Absent: there are no rules. */
  readonly judge?: JudgeAlerts | undefined;
  readonly watch: ReturnType<typeof watchAlerts>;
}

/** Alerts that come with a group in a list, with all groups of a list, and with the groups of one alert. */
const [mostOfListed, mostOfList, mostOfOne] = [20, 2000, 100];

/** AlertService over the use cases. */
export function alertHandlers(options: AlertHandlersOptions): Handlers<typeof AlertService.method> {
  const { board, clock, messages, firing, list, past, groups, get, history, explain, changes, judge, watch } = options;
  const messageOf = (namespace: string, alert: StoredAlert): AlertMessage => {
    const found = firing(namespace).find(alert.fingerprint);
    if (found !== undefined) return messages.firing({ ...found, alert });
    const receivers = board.placements(alert).map(({ route }) => route.options.receiver);
    return messages.alert(alert, { status: isOver(alert, clock()) ? 'resolved' : 'firing', state: 'active', receivers });
  };
  const changed = (namespace: string, { alerts, unknown }: ChangedAlerts) => ({
    items: alerts.map((alert) => messageOf(namespace, alert)),
    unknown: [...unknown],
  });
  return {
    async listAlerts({ filters, at, ...asked }, { caller }) {
      const filter = { ...asked, filters };
      if (at === undefined) {
        const { items, nextCursor, total } = list(caller.namespace, filter);
        return { items: items.map(messages.firing), nextCursor, total };
      }
      const { items, nextCursor, total } = await past(caller.namespace, filter, instantOf(at, 'at'));
      return { items: items.map(messages.firing), nextCursor, total };
    },
    async listAlertGroups(asked, { caller }) {
      const { items, nextCursor, total, counts, lastFiredMs, revision } = await groups(caller.namespace, asked);
      return {
        items: items.map((group) => messages.group(group, Math.min(mostOfListed, Math.floor(mostOfList / items.length)))),
        nextCursor,
        total,
        counts: countsMessage(counts),
        revision,
        ...(lastFiredMs !== undefined && { lastFiredAt: instant(lastFiredMs) }),
      };
    },
    async getAlert({ fingerprint }, { caller }) {
      const { alert, groups: told } = await get(caller.namespace, fingerprint);
      return { alert: messageOf(caller.namespace, alert), groups: told.map((group) => messages.group(group, mostOfOne)) };
    },
    async listAlertHistory({ from, to, ...asked }, { caller }) {
      const { items, nextCursor } = await history(caller.namespace, {
        ...asked,
        fromMs: from === undefined ? undefined : instantOf(from, 'from'),
        toMs: to === undefined ? undefined : instantOf(to, 'to'),
      });
      return { items: items.map(historyMessage), nextCursor };
    },
    async explainAlert({ fingerprint, labels }, { caller }) {
      const explained = await explain(caller.namespace, { fingerprint, labels });
      const alert = explained.alert === undefined ? undefined : messageOf(caller.namespace, explained.alert);
      return explanationMessage(explained, alert);
    },
    async acknowledgeAlerts({ fingerprints, comment, assign }, { caller: { namespace, principal } }) {
      const given = { comment: givenText(comment, 'comment'), assign };
      return changed(namespace, await changes.acknowledge(namespace, principal, namedAlerts(fingerprints), given));
    },
    async unacknowledgeAlerts({ fingerprints, comment }, { caller: { namespace, principal } }) {
      const given = { comment: givenText(comment, 'comment') };
      return changed(namespace, await changes.unacknowledge(namespace, principal, namedAlerts(fingerprints), given));
    },
    async assignAlerts({ fingerprints, assignee, comment }, { caller: { namespace, principal } }) {
      const to = assignee === 'me' ? principal : givenText(assignee, 'assignee', 256);
      const given = { assignee: to, comment: givenText(comment, 'comment') };
      return changed(namespace, await changes.assign(namespace, principal, namedAlerts(fingerprints), given));
    },
    async commentAlerts({ fingerprints, text }, { caller: { namespace, principal } }) {
      if (text.trim() === '') throw new Problem('invalid', 'text must be 1 to 4000 characters (got none)', { field: 'text' });
      const given = { text: givenText(text, 'text') };
      return changed(namespace, await changes.comment(namespace, principal, namedAlerts(fingerprints), given));
    },
    async judgeAlerts({ fingerprints, verdict, comment }, { caller: { namespace, principal } }) {
      if (judge === undefined) throw new Problem('precondition', 'no rule makes alerts that can be judged');
      const given = { verdict, comment: givenText(comment, 'comment') };
      return changed(namespace, await judge(namespace, principal, namedAlerts(fingerprints), given));
    },
    async *watchAlerts({ sinceRevision }, { caller, signal }) {
      for await (const { revision, counts } of watch(caller.namespace, sinceRevision, signal))
        yield { revision, counts: countsMessage(counts) };
    },
  };
}
