// The alerting service in every cell: some processes side by side, each on a database of its own.
import { join } from 'node:path';
import { type KafkaServer, type PostgresServer, startKafka, startPostgres } from '@tmws/testkit';
import pg from 'pg';
import type { AlertSink } from '../alert-sink.ts';
import { type AlertTaker, startAlerting, withClock } from '../alert-taker.ts';
import { faultsOf, isQuiet, type Ledger, readLedger } from '../invariants.ts';
import { allRows, type Column, knownColumns } from './cells.ts';
import type { Sink } from './known.ts';
import { settled } from './outcome.ts';
import { type Accepted, playRound, type Stage, type Wrong } from './round.ts';
import { clockSteps, nothing, receiversAreWrong, serverIsKilled, setClock } from './wrong.ts';

export interface Plan {
  readonly rounds: number;
  readonly perCell: number;
  /** How long what is wrong lasts. */
  readonly forMs: number;
  readonly settleMs: number;
}

export interface Place {
  readonly folder: string;
  readonly configFile: string;
  readonly policyFile: string;
  readonly webhookOf: (column: Column) => AlertSink;
  readonly sinkOf: (column: Column) => Sink;
}

interface Fleet {
  readonly name: string;
  readonly databaseUrl: string;
  readonly stage: Stage;
}

const hourMs = 3_600_000;

/** @returns what was accepted, and what is broken of the ledgers */
export async function playOurs(plan: Plan, place: Place): Promise<{ accepted: Accepted; faults: string[] }> {
  await using open = new AsyncDisposableStack();
  const [postgres, killedPostgres, kafka] = await Promise.all([startPostgres(), startPostgres(), startKafka()]);
  for (const server of [postgres, killedPostgres, kafka]) open.use(server);
  const start = (name: string, on: PostgresServer, count: number, env: NodeJS.ProcessEnv = {}): Promise<Fleet> =>
    startFleet({ name, on, kafka, count, env, place, plan, open });
  const clockFile = join(place.folder, 'clock');
  await setClock(clockFile, 0);
  const servers = await start('servers', killedPostgres, 1);
  const others = Promise.all([
    start('receivers', postgres, 1),
    start('clock', postgres, 1, withClock(clockFile)),
    start('replicas', postgres, 2),
    start('known', postgres, 1),
  ]);
  others.catch(() => undefined);
  const play = async ({ stage }: Fleet, what: Omit<Wrong, 'killed' | 'forMs'>, round: number, killed = stage.takers) =>
    await playRound(stage, { ...what, killed, forMs: plan.forMs }, round);

  for (let round = 0; round < plan.rounds; round++) {
    // The others are not there yet or have nothing to do: Kafka is theirs too.
    await play(servers, serverIsKilled('kafka', kafka), round);
    const [receivers, clock, replicas, known] = await others;
    const [first] = replicas.stage.takers;
    await Promise.all([
      play(receivers, receiversAreWrong(place.webhookOf), round),
      play(servers, serverIsKilled('postgres', killedPostgres), round),
      play(known, nothing(...knownColumns), round),
      (async () => {
        await play(clock, clockSteps('ahead', clockFile, hourMs), round);
        await setClock(clockFile, 0);
        await play(clock, clockSteps('behind', clockFile, -hourMs), round);
        await setClock(clockFile, 0);
      })(),
      (async () => {
        await play(replicas, nothing('one'), round, first === undefined ? [] : [first]);
        await play(replicas, nothing('both'), round, []);
      })(),
    ]);
  }
  const fleets = [servers, ...(await others)];
  const ended = await Promise.all(fleets.map((fleet) => endOf(fleet, plan, place)));
  const accepted: Accepted = new Map(fleets.flatMap(({ stage }) => [...stage.accepted]));
  return { accepted, faults: ended.flat() };
}

interface Starting {
  readonly name: string;
  readonly on: PostgresServer;
  readonly kafka: KafkaServer;
  readonly count: number;
  readonly env: NodeJS.ProcessEnv;
  readonly place: Place;
  readonly plan: Plan;
  readonly open: AsyncDisposableStack;
}

async function startFleet({ name, on, kafka, count, env, place, plan, open }: Starting): Promise<Fleet> {
  const databaseUrl = await madeDatabase(on.url, name);
  const settings = { ALERTING_CONFIG_FILE: place.configFile, ALERTING_POLICY_FILE: place.policyFile, ...env };
  const servers = { databaseUrl, brokers: kafka.brokers };
  const startOne = async (): Promise<AlertTaker> => open.use(await startAlerting(servers, settings));
  const takers = await Promise.all(Array.from({ length: count }, startOne));
  const rows = name === 'known' ? allRows.filter((row) => row !== 'step') : allRows;
  const stage = { takers, sinkOf: place.sinkOf, rows, perCell: plan.perCell, accepted: new Map<string, number>() };
  return { name, databaseUrl, stage };
}

async function madeDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/** Waits until all is told. What is in the history was accepted too, though nobody may have read that. @returns faults of its ledger */
async function endOf({ name, databaseUrl, stage: { accepted } }: Fleet, plan: Plan, { sinkOf }: Place): Promise<string[]> {
  const admit = ({ fired }: Ledger): void => {
    for (const alertname of fired.keys()) if (!accepted.has(alertname)) accepted.set(alertname, performance.now());
  };
  admit(await readLedger(databaseUrl));
  await settled(accepted, sinkOf, plan.settleMs, async () => isQuiet(await readLedger(databaseUrl)));
  const ledger = await readLedger(databaseUrl);
  return [
    ...faultsOf(ledger, accepted.keys()),
    ...(isQuiet(ledger) ? [] : [`${ledger.outbox} events wait for Kafka, ${openOf(ledger)} messages are on their way`]),
  ].map((fault) => `${name}: ${fault}`);
}

const openOf = ({ rows }: Ledger): number => rows.filter(({ status }) => status === 'pending' || status === 'sending').length;
