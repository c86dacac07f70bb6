// A log in memory: what was published is there to be read; it can be made to fail.
import type { IncomingRecord, OutgoingRecord } from '@tmws/events';
import type { EventLog } from '../src/ports.ts';

export interface MemoryLog extends EventLog {
  readonly published: OutgoingRecord[];
  readonly records: IncomingRecord[];
  failWith: Error | undefined;
}

export function openMemoryLog(): MemoryLog {
  const log: MemoryLog = {
    published: [],
    records: [],
    failWith: undefined,
    publish(records) {
      if (log.failWith !== undefined) return Promise.reject(log.failWith);
      log.published.push(...records);
      return Promise.resolve();
    },
    tail: (topic, limit) => Promise.resolve(log.records.filter((record) => record.topic === topic).slice(-limit)),
  };
  return log;
}
