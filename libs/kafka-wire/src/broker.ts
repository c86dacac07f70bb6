import { createServer, type Server } from 'node:net';
import { randomBytes } from 'node:crypto';
import { type Log } from '@tmws/log';
import { Problem } from '@tmws/problems';
import { type Logger } from '@tmws/telemetry';
import { type KafkaAccess } from './access.ts';
import { allApis } from './apis/all-apis.ts';
import { type Broker } from './apis/api.ts';
import { complaints } from './complaints.ts';
import { type CommittedOffset, CommittedOffsets } from './groups/committed-offsets.ts';
import { Coordinator } from './groups/coordinator.ts';
import { Connection } from './net/connection.ts';
import { ProducerIds } from './producer-ids.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface BrokerOptions {
  readonly log: Log;
  readonly logger: Logger;
  /** The interface to listen on; loopback if absent. */
  readonly host?: string;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** What clients are told to connect to, if it is not the address they came by. */
  readonly advertisedHost?: string;
  readonly advertisedPort?: number;
  readonly maxConnections?: number;
  /** A longer request closes its connection at once. */
  readonly maxRequestBytes?: number;
  /** The most a fetch answers with, whatever the client asks for. */
  readonly maxFetchBytes?: number;
  /** Topics that come into being with their first use, as Kafka has it; else they are unknown. */
  readonly autoCreateTopics?: boolean;
  /** Of a topic made without a number of them. */
  readonly defaultPartitions?: number;
  /** How long the first rebalance of an empty group waits for more members. */
  readonly groupJoinWaitMs?: number;
  /** A connection without traffic for so long is closed. */
  readonly idleMs?: number;
  readonly timers?: Timers;
  /** Who may come in and what for. Absent: everybody, everything. */
  readonly access?: KafkaAccess;
}

/** A listening broker. */
export interface OpenBroker {
  readonly host: string;
  readonly port: number;
  /** Answers what is being made durable, drops what is parked, closes all connections. The log stays open: it is the caller's. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;

/** Opens a single-node broker on the log. @throws Problem when it cannot listen */
export async function openBroker(options: BrokerOptions): Promise<OpenBroker> {
  const { log, logger, host = '127.0.0.1', timers = systemTimers } = options;
  const cluster = await log.openMap<string>('cluster');
  const clusterId = cluster.get('id') ?? randomBytes(16).toString('base64url');
  await cluster.put([['id', clusterId]]);
  const producerIds = await log.openMap<number>('producer-ids');
  const offsets = new CommittedOffsets(await log.openMap<CommittedOffset>('group-offsets'));
  const groups = new Coordinator(offsets, timers, options.groupJoinWaitMs ?? 50);

  const connections = new Set<Connection>();
  const server = createServer();
  const broker: Broker = {
    log,
    groups,
    producerIds: new ProducerIds(producerIds),
    timers,
    logger,
    clusterId,
    advertised: ({ localAddress }) => ({
      host: options.advertisedHost ?? plainAddress(localAddress),
      port: options.advertisedPort ?? portOf(server),
    }),
    defaultPartitions: options.defaultPartitions ?? 12,
    parkMs: options.access === undefined ? Infinity : 10_000,
    autoCreateTopics: options.autoCreateTopics ?? false,
    maxFetchBytes: options.maxFetchBytes ?? 16 * mebibyte,
    apis: allApis,
    complain: complaints(logger, () => timers.nowMs()),
  };
  const maxRequestBytes = options.maxRequestBytes ?? 32 * mebibyte;
  const idleMs = options.idleMs ?? 10 * 60 * 1000; // Kafka's connections.max.idle.ms
  const limits = { maxRequestBytes, maxWaitingRequests: 64, maxWaitingBytes: maxRequestBytes, idleMs };

  server.maxConnections = options.maxConnections ?? 1000;
  server.on('drop', () => broker.complain('take a connection', new Error(`${server.maxConnections} are open already`)));
  server.on('connection', (socket) => {
    const connection = new Connection(socket, broker, limits, options.access);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    await Promise.all([...connections].map((connection) => connection.close()));
    groups.close();
    await closed;
    await Promise.all([offsets.close(), producerIds.close(), cluster.close()]);
  };
  await listen(server, host, options.port ?? 0).catch(async (error: unknown) => {
    await Promise.all([offsets.close(), producerIds.close(), cluster.close()]);
    throw error;
  });
  server.on('error', (error) => broker.complain('take a connection', error));
  return { host, port: portOf(server), close };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'another process listens there. Stop it or choose another port'
          : (error.code ?? error.message);
      reject(new Problem('unavailable', `The Kafka listener cannot open ${host}:${port}: ${why}.`, { cause: error }));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** An IPv4 address a dual-stack socket shows as `::ffff:10.0.0.7` is the plain one to clients. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');
