import { errorCodes, type Fault, faultOf, noFault } from '../wire/error-codes.ts';
import { type Broker } from './api.ts';

/** The fault of a topic that the client may not change. */
export function deniedTopic(reason: string | undefined): Fault | undefined {
  return reason === undefined ? undefined : { errorCode: errorCodes.topicAuthorizationFailed, errorMessage: reason };
}

/** Runs an action on the log; its refusal is the answer. */
export async function attempt(broker: Broker, what: string, action: () => Promise<unknown>): Promise<Fault> {
  try {
    await action();
    return noFault;
  } catch (error) {
    const fault = faultOf(error);
    if (fault.errorCode === errorCodes.unknownServerError || fault.errorCode === errorCodes.kafkaStorageError)
      broker.complain(what, error);
    return fault;
  }
}
