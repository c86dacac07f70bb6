import { LogProblem, type LogReason } from '@tmws/log';

/** The error codes of the protocol that this broker gives ("Error Codes" in Kafka's protocol guide). */
export const errorCodes = {
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  messageTooLarge: 10,
  offsetMetadataTooLarge: 12,
  coordinatorNotAvailable: 15,
  invalidTopic: 17,
  invalidRequiredAcks: 21,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  invalidGroupId: 24,
  unknownMemberId: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  clusterAuthorizationFailed: 31,
  invalidTimestamp: 32,
  unsupportedSaslMechanism: 33,
  illegalSaslState: 34,
  unsupportedVersion: 35,
  topicAlreadyExists: 36,
  invalidPartitions: 37,
  invalidReplicationFactor: 38,
  invalidReplicaAssignment: 39,
  invalidConfig: 40,
  invalidRequest: 42,
  unsupportedForMessageFormat: 43,
  outOfOrderSequenceNumber: 45,
  duplicateSequenceNumber: 46,
  invalidProducerEpoch: 47,
  transactionalIdAuthorizationFailed: 53,
  kafkaStorageError: 56,
  saslAuthenticationFailed: 58,
  nonEmptyGroup: 68,
  groupIdNotFound: 69,
  unsupportedCompressionType: 76,
  memberIdRequired: 79,
  groupMaxSizeReached: 81,
  invalidRecord: 87,
  unknownServerError: -1,
} as const;

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

const byReason: Readonly<Record<LogReason, ErrorCode>> = {
  topic_exists: errorCodes.topicAlreadyExists,
  topic_unknown: errorCodes.unknownTopicOrPartition,
  topic_name: errorCodes.invalidTopic,
  topic_settings: errorCodes.invalidConfig,
  partitions: errorCodes.invalidPartitions,
  offset_out_of_range: errorCodes.offsetOutOfRange,
  corrupt_batch: errorCodes.corruptMessage,
  batch_format: errorCodes.corruptMessage,
  batch_too_large: errorCodes.messageTooLarge,
  sequence_gap: errorCodes.outOfOrderSequenceNumber,
  sequence_known: errorCodes.duplicateSequenceNumber,
  producer_epoch: errorCodes.invalidProducerEpoch,
  disk_low: errorCodes.kafkaStorageError,
  disk_failed: errorCodes.kafkaStorageError,
  closed: errorCodes.unknownTopicOrPartition,
};

export interface Fault {
  readonly errorCode: ErrorCode;
  readonly errorMessage: string | null;
}

export const noFault: Fault = { errorCode: errorCodes.none, errorMessage: null };

/** What an error means to a client. Anything but a refusal of the log is for our own log only. */
export function faultOf(error: unknown): Fault {
  if (error instanceof LogProblem) return { errorCode: byReason[error.reason], errorMessage: error.message };
  return {
    errorCode: errorCodes.unknownServerError,
    errorMessage: 'Something went wrong in the broker; its log has the details.',
  };
}
