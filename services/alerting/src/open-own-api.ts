// Alerting's own API over what the service has: the part of the composition root that only reads, and silences and changes by people.
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AlertService, DeliveryService, RuleService, SilenceService } from '@tmws/contracts';
import type { Host } from '@tmws/lifecycle';
import type { AlertmanagerConfig } from './domain/config/alertmanager-config.ts';
import type { NameMode } from './domain/label-set.ts';
import type { Matcher } from './domain/matcher.ts';
import type { AlertPolicy } from './domain/policy.ts';
import type { Route } from './domain/route-tree.ts';
import { alertHandlers } from './inbound/grpc/alert-handlers.ts';
import { alertMessages } from './inbound/grpc/alert-messages.ts';
import { deliveryHandlers } from './inbound/grpc/delivery-handlers.ts';
import { type RuleApi, ruleHandlers } from './inbound/grpc/rule-handlers.ts';
import { silenceHandlers } from './inbound/grpc/silence-handlers.ts';
import type { Clock, Sink } from './ports.ts';
import type { AlertReads } from './read-ports.ts';
import type { Board } from './usecases/board.ts';
import type { AlertChanges } from './usecases/change-alerts.ts';
import { explainAlert } from './usecases/explain-alert.ts';
import { firingAlerts } from './usecases/firing-alerts.ts';
import { getAlert } from './usecases/get-alert.ts';
import { getNotification } from './usecases/get-notification.ts';
import type { JudgeAlerts } from './usecases/judge-alerts.ts';
import { listAlerts } from './usecases/list-alerts.ts';
import { listGroups } from './usecases/list-groups.ts';
import { listHistory } from './usecases/list-history.ts';
import { listNotifications } from './usecases/list-notifications.ts';
import { listReceivers } from './usecases/list-receivers.ts';
import { lookAtRouting } from './usecases/look-at-routing.ts';
import type { Integration } from './usecases/look-at-group.ts';
import { listPastAlerts } from './usecases/past-alerts.ts';
import { recentFirings } from './usecases/recent-firings.ts';
import { replayNotifications } from './usecases/replay-notifications.ts';
import type { Silences } from './usecases/silences.ts';
import type { SinkGates } from './usecases/sink-gates.ts';
import { suggestSilence } from './usecases/suggest-silence.ts';
import type { editSlackMessages } from './usecases/slack-edits.ts';
import { type SlackApp, takeSlackAction } from './usecases/take-slack-action.ts';
import { testReceiver } from './usecases/test-receiver.ts';
import { watchAlerts } from './usecases/watch-alerts.ts';

interface OwnApi {
  readonly board: Board;
  readonly reads: AlertReads;
  readonly clock: Clock;
  readonly silences: Silences;
  readonly changes: AlertChanges;
  /** Absent: there are no rules, and nothing to judge. */
  readonly judge?: JudgeAlerts;
  readonly rules?: RuleApi;
  readonly retentionMs: number;
  /** Alerts that match are told at once. */
  readonly bypass: () => readonly Matcher[];
  readonly policy: () => AlertPolicy;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  readonly sinkOf: (receiver: string, integration: string) => Sink | undefined;
  readonly externalUrl: () => string;
  readonly names: NameMode;
  readonly gates: Pick<SinkGates, 'state'>;
  readonly replay: Pick<Parameters<typeof replayNotifications>[0], 'ledger' | 'eventsOf' | 'stored'>;
  /** Whose buttons are acted upon; absent: nobody's. */
  readonly slack?: { readonly apps: () => Promise<readonly SlackApp[]>; readonly edit: ReturnType<typeof editSlackMessages> };
  readonly inForce: () => {
    readonly config: AlertmanagerConfig;
    readonly routes: ReadonlyMap<string, Route>;
    readonly loadedAtMs: number;
    /** Why the file was not taken when it was last read; empty: it was. */
    readonly refused: string;
  };
}

/** Adds AlertService, SilenceService and DeliveryService. */
export function openOwnApi(grpc: Pick<Host['grpc'], 'add'>, given: OwnApi): void {
  const { board, reads, clock, silences, changes, inForce, policy, integrationsOf, bypass, retentionMs } = given;
  const intervals = () => inForce().config.timeIntervals;
  const root = () => inForce().config.route;
  const routes = () => inForce().routes.values();
  const firing = firingAlerts({ board, clock, intervals });
  const recent = recentFirings({ reads, board, clock }, root);
  const messages = alertMessages(policy);
  grpc.add(
    AlertService,
    alertHandlers({
      board,
      clock,
      messages,
      firing,
      list: listAlerts({ firing }),
      past: listPastAlerts({ reads, root, clock, retentionMs }),
      groups: listGroups({ firing, reads, recent }),
      get: getAlert({ board, firing, reads, recent }),
      history: listHistory({ reads, board }),
      explain: explainAlert({ board, reads, clock, root, intervals, integrationsOf, bypass, policy }),
      changes,
      judge: given.judge,
      watch: watchAlerts({ board, firing, clock }),
    }),
  );
  const suggest = suggestSilence({ firing, reads, clock });
  grpc.add(RuleService, ruleHandlers(given.rules));
  grpc.add(SilenceService, silenceHandlers({ silences, messages, suggest, firing, clock }));
  grpc.add(
    DeliveryService,
    deliveryHandlers({
      receivers: listReceivers({
        ...{ reads, clock, routes, integrationsOf, stateOf: given.gates.state },
        names: () => inForce().config.receivers.keys(),
      }),
      notifications: listNotifications({ reads, routes }),
      get: getNotification({ reads, routes }),
      replay: replayNotifications({ clock, ...given.replay }),
      test: testReceiver({
        ...{ integrationsOf, clock, newId: randomUUID },
        ...{ sinkOf: given.sinkOf, externalUrl: given.externalUrl, names: given.names },
        receivers: () => inForce().config.receivers.keys(),
        pause: (ms, signal) => setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined),
      }),
      slack: takeSlackAction({
        ...{ board, clock, changes, silences },
        ...(given.slack ?? { apps: () => Promise.resolve([]), edit: () => Promise.resolve(true) }),
      }),
      routing: lookAtRouting({
        firing,
        root,
        inForce: () => ({ ...inForce(), config: inForce().config.original, policy: policy().original }),
      }),
    }),
  );
}
