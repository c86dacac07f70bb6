import { forecastOf, retentionDaysOf, sizeByDay, type SizeForecast } from '../domain/retention.ts';
import type { Clock, RetentionStore } from '../ports.ts';
import { rulesInForce } from './drop-due.ts';

export interface RetentionView {
  readonly namespace: string;
  readonly days: number;
  readonly own: boolean;
  readonly defaultDays: number;
  readonly revision: bigint;
  readonly executions: number;
  readonly facts: number;
  readonly bytes: number;
  /** Days since the epoch. */
  readonly oldestDay: number | undefined;
  readonly forecast: SizeForecast;
}

/** @param forecastDays  forecast for these instead of those in force */
export function lookAtRetention({ store, clock, defaultDays }: { store: RetentionStore; clock: Clock; defaultDays: number }) {
  return async (namespace: string, forecastDays: number | undefined): Promise<RetentionView> => {
    const [rules, own, buckets] = await Promise.all([rulesInForce(store, defaultDays), store.rules(), store.buckets()]);
    const bytesByDay = sizeByDay(buckets, namespace);
    const shares = buckets.flatMap((bucket) => bucket.shares.filter((share) => share.namespace === namespace));
    const days = retentionDaysOf(rules, namespace);
    return {
      namespace,
      days,
      own: rules.own.has(namespace),
      defaultDays,
      revision: own.get(namespace)?.revision ?? 0n,
      executions: shares.reduce((sum, { executions }) => sum + executions, 0),
      facts: shares.reduce((sum, { facts }) => sum + facts, 0),
      bytes: [...bytesByDay.values()].reduce((sum, bytes) => sum + bytes, 0),
      oldestDay: bytesByDay.size === 0 ? undefined : Math.min(...bytesByDay.keys()),
      forecast: forecastOf(bytesByDay, forecastDays ?? days, clock()),
    };
  };
}
