import { batchFault, transactionsFault } from '../records/batch-fault.ts';
import { errorCodes, type Fault, faultOf, noFault } from '../wire/error-codes.ts';
import { array, int16, int32, int64, nullableBytes, nullableString, type Of, since, string, struct } from '../wire/schema.ts';
import { type Broker, defineApi } from './api.ts';
import { deniedTopic } from './attempt.ts';

const result = struct({
  index: int32,
  errorCode: int16,
  baseOffset: int64,
  logAppendTimeMs: since(2, int64, -1),
  logStartOffset: since(5, int64, -1),
  recordErrors: since(8, array(struct({ batchIndex: int32, message: nullableString })), []),
  errorMessage: since(8, nullableString, null),
});

type Result = Of<typeof result>;

/** Every record is durable before it is acknowledged, whatever `acks` says; with `acks=0` nothing is answered. */
export const produce = defineApi({
  key: 0,
  name: 'Produce',
  versions: [0, 8],
  overlapping: true,
  needs: ({ topics }) =>
    topics.map(({ name, partitions }) => ({
      operation: 'write',
      topic: name,
      batches: partitions.flatMap(({ records }) => records ?? []),
    })),
  request: struct({
    transactionalId: since(3, nullableString, null),
    acks: int16,
    timeoutMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, records: nullableBytes })) })),
  }),
  response: struct({
    topics: array(struct({ name: string, partitions: array(result) })),
    throttleTimeMs: since(1, int32, 0),
  }),
  async handle(broker, request, { denial }) {
    const fault = faultOfRequest(request);
    const topics = await Promise.all(
      request.topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(({ index, records }) => append(broker, fault ?? deniedTopic(denial(name)), name, index, records)),
        ),
      })),
    );
    if (request.acks !== 0) return { topics, throttleTimeMs: 0 };
    const failed = topics.flatMap((topic) => topic.partitions).find((partition) => partition.errorCode !== errorCodes.none);
    // As Kafka does: a client that wants no answers learns of a failure by losing its connection.
    if (failed !== undefined)
      throw new Error(`a produce request with acks=0 failed: ${failed.errorMessage ?? String(failed.errorCode)}`);
    return undefined;
  },
});

function faultOfRequest(request: { transactionalId: string | null; acks: number }): Fault | undefined {
  if (request.transactionalId !== null) return transactionsFault;
  if (request.acks >= -1 && request.acks <= 1) return undefined;
  return { errorCode: errorCodes.invalidRequiredAcks, errorMessage: `acks must be -1, 0 or 1 (got ${request.acks}).` };
}

async function append(
  broker: Broker,
  requestFault: Fault | undefined,
  topic: string,
  index: number,
  records: Buffer | null,
): Promise<Result> {
  if (requestFault !== undefined) return refused(index, requestFault);
  const partition = broker.log.partition(topic, index);
  if (partition === undefined) {
    return refused(index, {
      errorCode: errorCodes.unknownTopicOrPartition,
      errorMessage: `There is no partition ${topic}/${index}.`,
    });
  }
  if (records === null)
    return refused(index, { errorCode: errorCodes.invalidRecord, errorMessage: 'The request has no record batch.' });
  const fault = batchFault(records);
  if (fault !== undefined) return refused(index, fault);
  try {
    const { baseOffset } = await partition.append(records);
    const { startOffset } = partition;
    return { ...refused(index, noFault), baseOffset, logStartOffset: startOffset };
  } catch (error) {
    broker.complain('produce', error);
    return refused(index, faultOf(error));
  }
}

function refused(index: number, { errorCode, errorMessage }: Fault): Result {
  return { index, errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1, recordErrors: [], errorMessage };
}
