// How alerts reach receivers: the dispatcher over the ledger, what stands before each receiver, digests, and how long it takes.
import { randomUUID } from 'node:crypto';
import { repeatedly } from '@tmws/lifecycle';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { AlertingConfig } from './config.ts';
import { promisedMs } from './domain/delivery-lateness.ts';
import type { Matcher } from './domain/matcher.ts';
import type { Route } from './domain/route-tree.ts';
import type { TimeInterval } from './domain/time-interval.ts';
import type { Sinks } from './outbound/sinks.ts';
import type { LedgerStore } from './ledger-ports.ts';
import type { Clock } from './ports.ts';
import type { Board } from './usecases/board.ts';
import { deliver } from './usecases/deliver.ts';
import { deliveryTime } from './usecases/delivery-time.ts';
import { aboutUrgent, digestOverflow } from './usecases/digest-overflow.ts';
import { type Dispatcher, openDispatcher } from './usecases/dispatch.ts';
import { lookAtGroup } from './usecases/look-at-group.ts';
import { openRefusals } from './usecases/refusals.ts';
import { openSinkGates, type SinkGates } from './usecases/sink-gates.ts';

interface DeliveriesOptions {
  readonly config: Pick<AlertingConfig, 'giveUpAfterMs' | 'dispatchEveryMs' | 'sendAtOnce'>;
  readonly ledger: LedgerStore;
  readonly board: Board;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly urgent: readonly Matcher[];
  readonly eventsOf: Parameters<typeof deliver>[0]['eventsOf'];
  readonly externalUrl: () => string;
  readonly inForce: () => {
    readonly routes: ReadonlyMap<string, Route>;
    readonly intervals: ReadonlyMap<string, TimeInterval>;
    readonly sinks: Sinks;
  };
}

export interface Deliveries {
  readonly dispatcher: Dispatcher;
  readonly gates: SinkGates;
  close(): Promise<void>;
}

const digestEveryMs = 1_000;
/** Seconds; the promise stands in the middle. */
const buckets = [1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 360, 480, 600, 900, 1_800, 3_600];

export function openDeliveries(options: DeliveriesOptions): Deliveries {
  const { config, ledger, board, clock, logger, urgent, eventsOf, externalUrl, inForce } = options;
  const sinkOf: Sinks['sinkOf'] = (receiver, integration) => inForce().sinks.sinkOf(receiver, integration);
  const gates = openSinkGates({
    sinkOf,
    limitOf: (receiver, integration) => inForce().sinks.limitOf(receiver, integration),
    urgent: aboutUrgent(() => urgent),
    atOnce: config.sendAtOnce,
    giveUpAfterMs: config.giveUpAfterMs,
    random: Math.random,
    changed: circuitChanged(options),
  });
  const refusals = openRefusals(sinkOf);
  const dispatcher = openDispatcher({
    ledger,
    board,
    look(group, nowMs) {
      const { routes, intervals, sinks } = inForce();
      const { integrationsOf } = sinks;
      return lookAtGroup(group, { board, routes, intervals, integrationsOf, refusals, externalUrl: externalUrl() }, nowMs);
    },
    deliver: deliver({
      ...{ ledger, sinkOf, gates, refusals, clock, eventsOf },
      random: Math.random,
      giveUpAfterMs: config.giveUpAfterMs,
      sent: timed(options),
      attempted: counted(options),
    }),
    ...{ gates, clock, logger },
    owner: randomUUID(),
    everyMs: config.dispatchEveryMs,
    atOnce: config.sendAtOnce,
  });
  const digest = digestOverflow({
    ...{ ledger, gates, clock, externalUrl, newId: randomUUID },
    takesDigests: (receiver, integration) => inForce().sinks.takesDigests(receiver, integration),
    urgent: () => urgent,
    stored: () => dispatcher.wake(),
  });
  const digesting = repeatedly(digest, {
    everyMs: digestEveryMs,
    failed: (error) => logger.warn({ err: error }, 'what waits for receivers cannot be put together; it is tried again'),
  });
  return {
    dispatcher,
    gates,
    async close() {
      await digesting.close();
      await dispatcher.close();
    },
  };
}

function circuitChanged({ logger, metrics }: DeliveriesOptions): Parameters<typeof openSinkGates>[0]['changed'] {
  const open = metrics.gauge('tmws_alerting_circuit_open', 'receivers that are left alone after failures in a row: 1', [
    'receiver',
    'integration',
  ]);
  return ({ receiver, integration }, circuit, untilMs) => {
    open.set({ receiver, integration }, circuit === 'opened' ? 1 : 0);
    if (untilMs === undefined) logger.info({ receiver, integration }, 'a receiver answers again');
    else {
      const until = new Date(untilMs).toISOString();
      logger.warn({ receiver, integration, until }, 'a receiver failed too often in a row and is left alone until then');
    }
  };
}

function counted({ metrics }: DeliveriesOptions): Parameters<typeof deliver>[0]['attempted'] {
  const attempts = metrics.counter(
    'tmws_alerting_notification_attempts_total',
    'messages given to receivers, by what came of it',
    ['receiver', 'integration', 'result'],
  );
  return ({ receiver, integration }, result) => attempts.inc({ receiver, integration, result });
}

function timed({ board, ledger, logger, metrics }: DeliveriesOptions) {
  const took = metrics.histogram(
    'tmws_alerting_delivery_seconds',
    'from an event to the first message about it that a person sees',
    ['severity', 'kind'],
    buckets,
  );
  const late = metrics.counter('tmws_alerting_deliveries_late_total', 'of these, what took longer than 5 minutes', [
    'severity',
    'kind',
  ]);
  return deliveryTime({
    board,
    claimFirst: (occurrences) => ledger.claimFirst(occurrences),
    observe({ severity, kind, tookMs }) {
      took.observe({ severity, kind }, tookMs / 1000);
      if (tookMs > promisedMs) late.inc({ severity, kind });
    },
    failed: (error) => logger.warn({ err: error }, 'how long it took to tell an alert is not counted'),
  });
}
