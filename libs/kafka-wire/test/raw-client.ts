import { connect, type Socket } from 'node:net';
import { allApis } from '../src/apis/all-apis.ts';
import { Reader } from '../src/wire/reader.ts';
import { Writer } from '../src/wire/writer.ts';

/** A client that says exactly what a test wants said, by the broker's own schemas. */
export interface RawClient extends AsyncDisposable {
  readonly socket: Socket;
  /** Sends a request and waits for its answer. */
  ask<Answer = Record<string, unknown>>(name: string, version: number, body: unknown): Promise<Answer>;
  /** Sends bytes as they are. */
  send(bytes: Buffer): void;
  /** The answers that came so far: correlation ids in order. */
  readonly answered: number[];
  /** Settles when the broker closed the connection. */
  readonly closed: Promise<void>;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const waiting = new Map<number, (frame: Buffer) => void>();
  const answered: number[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  let held = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const frame = held.subarray(4, 4 + held.readInt32BE(0));
      held = held.subarray(4 + frame.length);
      answered.push(frame.readInt32BE(0));
      waiting.get(frame.readInt32BE(0))?.(frame.subarray(4));
    }
  });
  let lastId = 0;
  return {
    socket,
    answered,
    closed,
    send: (bytes) => void socket.write(bytes),
    ask<Answer>(name: string, version: number, body: unknown) {
      const api = allApis.find((one) => one.name === name)!;
      const id = ++lastId;
      socket.write(encodeRequest(name, version, body, id));
      return new Promise<Answer>((resolve) =>
        waiting.set(id, (frame) => {
          const from = new Reader(Buffer.from(frame));
          if (version >= (api.flexibleFrom ?? Infinity)) from.uvarint();
          resolve(api.response.read(from, version) as Answer);
        }),
      );
    },
    [Symbol.asyncDispose]() {
      socket.destroy();
      return closed;
    },
  };
}

/** A whole request with its length. */
export function encodeRequest(name: string, version: number, body: unknown, correlationId: number): Buffer {
  const api = allApis.find((one) => one.name === name)!;
  const to = new Writer();
  to.int16(api.key);
  to.int16(version);
  to.int32(correlationId);
  to.string('raw');
  if (version >= (api.flexibleFrom ?? Infinity)) to.uvarint(0);
  api.request.write(to, body, version);
  const frame = Buffer.concat(to.chunks());
  const length = Buffer.alloc(4);
  length.writeInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

export const produceBody = (
  topic: string,
  records: Buffer | null,
  { acks = -1, index = 0, transactionalId = null as string | null } = {},
) => ({
  transactionalId,
  acks,
  timeoutMs: 1000,
  topics: [{ name: topic, partitions: [{ index, records }] }],
});

export const fetchBody = (
  topic: string,
  offset: number,
  { maxWaitMs = 0, minBytes = 1, maxBytes = 1e6, partitionMaxBytes = 1e6 } = {},
) => ({
  replica: -1,
  maxWaitMs,
  minBytes,
  maxBytes,
  isolationLevel: 0,
  sessionId: 0,
  sessionEpoch: -1,
  topics: [{ name: topic, partitions: [{ index: 0, leaderEpoch: -1, offset, logStartOffset: -1, maxBytes: partitionMaxBytes }] }],
  forgotten: [],
  rack: '',
});

export interface ProduceAnswer {
  topics: { partitions: { errorCode: number; baseOffset: number; errorMessage: string | null }[] }[];
}

export interface FetchAnswer {
  topics: { partitions: { errorCode: number; highWatermark: number; records: Buffer }[] }[];
}
