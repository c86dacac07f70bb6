// The core of alerting over a database: everything but doors and sinks. What would be sent is kept in a list.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Database, migrate, openDatabase } from '@tmws/postgres';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { cacheDir, tempDir } from '@tmws/testkit';
import type { PostedAlert } from '../src/domain/alert.ts';
import { defaultLabelLimits } from '../src/domain/label-set.ts';
import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { parsePolicy } from '../src/domain/config/policy-file.ts';
import type { Matcher } from '../src/domain/matcher.ts';
import { noPolicy } from '../src/domain/policy.ts';
import type { Route } from '../src/domain/route-tree.ts';
import { openPostgresAlertStore } from '../src/outbound/postgres-alert-store.ts';
import { openPostgresLedgerStore } from '../src/outbound/postgres-ledger-store.ts';
import type { TakenNotification } from '../src/ports.ts';
import { openBoard } from '../src/usecases/board.ts';
import { aboutUrgent, digestOverflow } from '../src/usecases/digest-overflow.ts';
import { deliver, type SinkAnswer } from '../src/usecases/deliver.ts';
import { openDispatcher } from '../src/usecases/dispatch.ts';
import { openRefusals } from '../src/usecases/refusals.ts';
import { openSinkGates } from '../src/usecases/sink-gates.ts';
import type { NotificationDoc } from '../src/usecases/group-doc.ts';
import { handleDue } from '../src/usecases/handle-due.ts';
import { lookAtGroup } from '../src/usecases/look-at-group.ts';
import { receiveAlerts } from '../src/usecases/receive-alerts.ts';
import type { BucketLimit } from '../src/domain/token-bucket.ts';
import { sweepAlerts } from '../src/usecases/sweep.ts';

const logger = openLogger('test', 'silent');

export interface TestDatabase extends AsyncDisposable {
  readonly db: Database;
  readonly schema: string;
}

/** A database on a server, or embedded, with a schema of its own. */
export async function openTestDatabase(url?: string): Promise<TestDatabase> {
  const dir = await tempDir('alerting');
  const db = await openDatabase({
    url,
    dataDir: join(dir.path, 'pg'),
    cacheDir: cacheDir(),
    maxConnections: 8,
    logger,
    metrics: openMetrics(),
  });
  return {
    db,
    schema: await freshSchema(db),
    async [Symbol.asyncDispose]() {
      await db.close();
      await dir.remove();
    },
  };
}

/** The database's own schema without what tests before left in it; nobody may still write there. @returns its name */
export async function emptySchema({ db, schema }: Pick<TestDatabase, 'db' | 'schema'>): Promise<string> {
  const tables = await db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migrations'`,
    [schema],
  );
  await db.query(`TRUNCATE ${tables.map(({ name }) => `${schema}.${name}`).join(', ')} RESTART IDENTITY`);
  await db.query(`ALTER SEQUENCE ${schema}.revision RESTART`);
  return schema;
}

/** Another schema of the same database, empty. @returns its name */
export async function freshSchema(db: Database): Promise<string> {
  const schema = `a_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  await migrate(db, { schema, dir: join(import.meta.dirname, '../migrations'), contract: true, logger });
  return schema;
}

export interface Sent {
  readonly by: string;
  readonly notification: TakenNotification;
  readonly doc: NotificationDoc;
}

export const namespace = 'default';

/** One replica over the database. `answer` stands for the sink. */
export function openReplica(
  { db, schema }: Pick<TestDatabase, 'db' | 'schema'>,
  given: {
    name: string;
    config: string;
    /** The policy file. */
    policy?: string;
    clock: () => number;
    sent: Sent[];
    urgent?: readonly Matcher[];
    /** The one of each receiver; absent: webhook/0. */
    integration?: string;
    answer?: (sent: Sent) => Promise<SinkAnswer> | SinkAnswer;
    limit?: BucketLimit;
    takesDigests?: boolean;
    told?: Parameters<typeof deliver>[0]['sent'];
  },
) {
  const { name, clock, sent, answer = () => ({ sent: true, receipt: 'ok' }) } = given;
  const config = parseAlertmanagerConfig(given.config);
  const policyRead = given.policy === undefined ? noPolicy : parsePolicy(given.policy, [...config.receivers.keys()]);
  const policy = () => policyRead;
  const integrationsOf = () => [{ name: given.integration ?? 'webhook/0', sendResolved: true }];
  const store = openPostgresAlertStore(db, schema);
  const ledger = openPostgresLedgerStore(db, schema);
  const board = openBoard(config);
  const routes = new Map<string, Route>();
  const walk = (route: Route): void => {
    routes.set(route.id, route);
    route.routes.forEach(walk);
  };
  walk(config.route);
  const eventsOf = () => [];
  const sink = async (notification: TakenNotification): Promise<SinkAnswer> => {
    const one = { by: name, notification, doc: JSON.parse(notification.doc) as NotificationDoc };
    const given = await answer(one);
    sent.push(one);
    return given;
  };
  const sinkOf = () => sink;
  const gates = openSinkGates({
    sinkOf,
    limitOf: () => given.limit,
    urgent: aboutUrgent(() => given.urgent ?? []),
    atOnce: 64,
    giveUpAfterMs: 3_600_000,
    random: () => 0,
    changed: () => undefined,
  });
  const refusals = openRefusals(sinkOf);
  const dispatcher = openDispatcher({
    ledger,
    board,
    look: (group, nowMs) =>
      lookAtGroup(
        group,
        {
          board,
          routes,
          intervals: config.timeIntervals,
          integrationsOf,
          refusals,
          externalUrl: 'http://alerting.test',
        },
        nowMs,
      ),
    deliver: deliver({
      ledger,
      sinkOf,
      gates,
      refusals,
      clock,
      random: () => 0.5,
      giveUpAfterMs: 3_600_000,
      eventsOf,
      ...(given.told !== undefined && { sent: given.told }),
    }),
    gates,
    clock,
    logger,
    owner: name,
    everyMs: 20,
    atOnce: 64,
  });
  const receive = receiveAlerts({
    store,
    board,
    clock,
    rules: () => ({ resolveTimeoutMs: config.resolveTimeoutMs, names: 'utf8', limits: defaultLabelLimits }),
    bypass: () => given.urgent ?? [],
    policy,
    eventsOf,
    stored: ({ fresh, dueMs }) => {
      dispatcher.hand(fresh);
      dispatcher.wake(dueMs);
    },
  });
  return {
    board,
    store,
    ledger,
    gates,
    digestOverflow: digestOverflow({
      ledger,
      gates,
      takesDigests: () => given.takesDigests ?? true,
      urgent: () => given.urgent ?? [],
      clock,
      newId: randomUUID,
      externalUrl: () => 'http://alerting.test',
      stored: () => dispatcher.wake(),
    }),
    sweep: sweepAlerts({ store, board, clock, keepResolvedMs: () => 3_600_000, keepExpiredMs: 3_600_000, policy, eventsOf }),
    handleDue: handleDue({
      ...{ store, board, clock, policy, integrationsOf, eventsOf },
      bypass: () => given.urgent ?? [],
      intervals: () => config.timeIntervals,
      externalUrl: () => 'http://alerting.test',
      longestWaitMs: () => 300_000,
      stored: () => dispatcher.wake(),
    }),
    post: (...alerts: PostedAlert[]) => receive(namespace, alerts),
    derive: receive.derive,
    wake: () => dispatcher.wake(),
    close: () => dispatcher.close(),
  };
}
