import type { EventBus } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { EventLog } from '../ports.ts';

/** The host's Kafka client; a read that takes longer than `callTimeoutMs` is given up. */
export function openEventLog(bus: () => EventBus, callTimeoutMs: number): EventLog {
  return {
    publish: (records) => bus().publish(records),
    async tail(topic, limit) {
      const late = Promise.withResolvers<never>();
      const giveUp = (): void => late.reject(new Problem('timeout', `${topic} could not be read in ${callTimeoutMs} ms`));
      const timer = setTimeout(giveUp, callTimeoutMs);
      try {
        return await Promise.race([bus().tail(topic, limit), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
