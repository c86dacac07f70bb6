export { type CloudEvent, parseTime } from './cloud-event.ts';
export { fromHttp, type HttpEvents } from './http-binding.ts';
export { type IncomingRecord, fromRecord, rfc3339, toRecord, type OutgoingRecord } from './kafka-binding.ts';
export { dlqOf, eventTypes, partitions, topics } from './catalog.ts';
export { accept, type Accepted, acceptReported } from './accept.ts';
export { redactText, redactValue } from './redact.ts';
export { openEventBus, type EventBus, type EventBusOptions } from './event-bus.ts';
export { type Consumer, type ConsumerOptions, type PartitionBatch } from './consumer.ts';
export { deadLetter, type DeadLetter, readDeadLetter } from './dead-letter.ts';
