import { transactionsFault } from '../records/batch-fault.ts';
import { errorCodes, faultOf } from '../wire/error-codes.ts';
import { int16, int32, int64, nullableString, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  versions: [0, 1],
  needs: () => [{ operation: 'write' }],
  request: struct({ transactionalId: nullableString, transactionTimeoutMs: int32 }),
  response: struct({ throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 }),
  async handle(broker, { transactionalId }, { denial }) {
    const none = { throttleTimeMs: 0, errorCode: transactionsFault.errorCode, producerId: -1, producerEpoch: -1 };
    if (transactionalId !== null) return none;
    if (denial() !== undefined) return { ...none, errorCode: errorCodes.clusterAuthorizationFailed };
    try {
      return { throttleTimeMs: 0, errorCode: errorCodes.none, producerId: await broker.producerIds.next(), producerEpoch: 0 };
    } catch (error) {
      broker.complain('give a producer id', error);
      const { errorCode } = faultOf(error);
      return { ...none, errorCode: errorCode === errorCodes.kafkaStorageError ? errorCodes.coordinatorNotAvailable : errorCode };
    }
  },
});
