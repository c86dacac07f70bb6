// A fetch answers at once when `minBytes` are there or a partition has an error to tell. Otherwise it is parked until enough was
// appended, `maxWaitMs` passed, or the client is gone.
import { type Partition } from '@tmws/log';
import { type ErrorCode, errorCodes, faultOf } from '../wire/error-codes.ts';
import {
  array,
  int16,
  int32,
  int64,
  int8,
  nullableArray,
  nullableBytes,
  type Of,
  since,
  string,
  struct,
} from '../wire/schema.ts';
import { type Broker, type Call, defineApi } from './api.ts';

const wanted = struct({
  index: int32,
  leaderEpoch: since(9, int32, -1),
  offset: int64,
  logStartOffset: since(5, int64, -1),
  maxBytes: int32,
});
const request = struct({
  replica: int32,
  maxWaitMs: int32,
  minBytes: int32,
  maxBytes: since(3, int32, 2 ** 31 - 1),
  isolationLevel: since(4, int8, 0),
  sessionId: since(7, int32, 0),
  sessionEpoch: since(7, int32, -1),
  topics: array(struct({ name: string, partitions: array(wanted) })),
  forgotten: since(7, array(struct({ name: string, partitions: array(int32) })), []),
  rack: since(11, string, ''),
});
const found = struct({
  index: int32,
  errorCode: int16,
  highWatermark: int64,
  lastStableOffset: since(4, int64, -1),
  logStartOffset: since(5, int64, -1),
  aborted: since(4, nullableArray(struct({ producerId: int64, firstOffset: int64 })), null),
  preferredReplica: since(11, int32, -1),
  records: nullableBytes,
});

type Request = Of<typeof request>;
type Found = Of<typeof found>;
type Answered = readonly { readonly name: string; readonly partitions: readonly Found[] }[];

const nothing = Buffer.alloc(0);
const sizeOf = (answered: Answered): number =>
  all(answered).reduce((sum, partition) => sum + (partition.records?.length ?? 0), 0);
const all = (answered: Answered): Found[] => answered.flatMap((topic) => [...topic.partitions]);

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  versions: [4, 11],
  request,
  needs: ({ topics }) => topics.map(({ name }) => ({ operation: 'read', topic: name })),
  response: struct({
    throttleTimeMs: int32,
    errorCode: since(7, int16, 0),
    sessionId: since(7, int32, 0), // 0: no fetch sessions, every request is whole
    topics: array(struct({ name: string, partitions: array(found) })),
  }),
  async handle(broker, asked, call) {
    const deadlineMs = broker.timers.nowMs() + Math.min(Math.max(0, asked.maxWaitMs), broker.parkMs);
    for (;;) {
      const arrivals = watch(broker, asked, call);
      try {
        const topics = await readAll(broker, asked, call);
        const missing = Math.max(0, asked.minBytes) - sizeOf(topics);
        const leftMs = deadlineMs - broker.timers.nowMs();
        const failed = all(topics).some((partition) => partition.errorCode !== errorCodes.none);
        if (missing <= 0 || leftMs <= 0 || failed || arrivals.gone())
          return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, topics };
        await arrivals.wait(missing, leftMs);
      } finally {
        arrivals.stop();
      }
    }
  },
});

/** Counts what is appended to the partitions of a request from now on. */
function watch(broker: Broker, asked: Request, call: Call) {
  let arrived = 0;
  let isGone = false;
  let wake: () => void = () => undefined;
  const note = (bytes: number): void => {
    arrived += bytes === 0 ? Number.POSITIVE_INFINITY : bytes; // 0: the partition was closed
    wake();
  };
  const partitions = asked.topics.flatMap((topic) =>
    topic.partitions.map(({ index }) => broker.log.partition(topic.name, index)),
  );
  const stops = partitions.flatMap((partition) => (partition === undefined ? [] : [partition.onAppend(note)]));
  const gone = (): void => {
    isGone = true;
    wake();
  };
  stops.push(call.onGone(gone));
  return {
    gone: () => isGone,
    stop: () => stops.forEach((stop) => stop()),
    wait: (bytes: number, ms: number) =>
      new Promise<void>((resolve) => {
        const done = (): void => {
          cancel();
          resolve();
        };
        const cancel = broker.timers.after(ms, done);
        wake = () => {
          if (isGone || arrived >= bytes) done();
        };
        wake();
      }),
  };
}

async function readAll(broker: Broker, asked: Request, call: Call): Promise<Answered> {
  let left = Math.min(Math.max(0, asked.maxBytes), broker.maxFetchBytes);
  let isFirst = true;
  const topics = [];
  for (const topic of asked.topics) {
    const partitions: Found[] = [];
    for (const want of topic.partitions) {
      if (call.denial(topic.name) !== undefined) {
        partitions.push(answer(want.index, errorCodes.topicAuthorizationFailed, undefined, nothing));
        continue;
      }
      const one = await readOne(broker, topic.name, want, Math.min(left, Math.max(0, want.maxBytes)), isFirst);
      partitions.push(one);
      const size = one.records?.length ?? 0;
      left = Math.max(0, left - size);
      isFirst &&= size === 0;
    }
    topics.push({ name: topic.name, partitions });
  }
  return topics;
}

async function readOne(
  broker: Broker,
  topic: string,
  want: Of<typeof wanted>,
  maxBytes: number,
  atLeastOne: boolean,
): Promise<Found> {
  const partition = broker.log.partition(topic, want.index);
  if (partition === undefined) return answer(want.index, errorCodes.unknownTopicOrPartition, undefined, nothing);
  if (maxBytes === 0 && !atLeastOne) return answer(want.index, errorCodes.none, partition, nothing);
  try {
    const { bytes } = await partition.read(want.offset, maxBytes, { atLeastOne });
    return answer(want.index, errorCodes.none, partition, bytes);
  } catch (error) {
    const { errorCode } = faultOf(error);
    if (errorCode !== errorCodes.offsetOutOfRange) broker.complain('fetch', error);
    return answer(want.index, errorCode, partition, nothing);
  }
}

function answer(index: number, errorCode: ErrorCode, partition: Partition | undefined, records: Buffer): Found {
  const end = partition?.endOffset ?? -1;
  const start = partition?.startOffset ?? -1;
  return {
    index,
    errorCode,
    highWatermark: end,
    lastStableOffset: end,
    logStartOffset: start,
    aborted: null,
    preferredReplica: -1,
    records,
  };
}
