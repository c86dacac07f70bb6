// Executions are kept by the day they were first seen: a day whose executions are all due is dropped whole.

const dayMs = 86_400_000;

/** How long each namespace keeps its executions, days after the day they were first seen; 0 = for ever. */
export interface RetentionRules {
  readonly defaultDays: number;
  readonly own: ReadonlyMap<string, number>;
}

/** What one namespace has in a day's tables. */
export interface BucketShare {
  readonly namespace: string;
  readonly executions: number;
  readonly facts: number;
  /** When the latest of its executions was last heard of, ms since the epoch. */
  readonly lastHeardMs: number;
}

/** A day's tables. */
export interface Bucket {
  /** Days since the epoch. */
  readonly day: number;
  readonly bytes: number;
  readonly shares: readonly BucketShare[];
}

/** Executions of `namespace` in `day` last heard of before `heardBeforeMs` are due. */
export interface DueShare {
  readonly day: number;
  readonly namespace: string;
  readonly heardBeforeMs: number;
}

export interface Due {
  /** Days of which nothing is left to keep, with all that is in them: their tables go whole. */
  readonly days: readonly { readonly day: number; readonly shares: readonly DueShare[] }[];
  /** In days that are kept for others. */
  readonly shares: readonly DueShare[];
}

export function retentionDaysOf({ own, defaultDays }: RetentionRules, namespace: string): number {
  return own.get(namespace) ?? defaultDays;
}

/**
 * What is to be dropped now.
 *
 *   R1  an execution is due when the day it was first seen is more than `days` ago and it was silent for as long
 *   R2  a day goes whole only when all in it is due; today never goes
 */
export function dueOf(buckets: readonly Bucket[], rules: RetentionRules, nowMs: number): Due {
  const today = Math.floor(nowMs / dayMs);
  const days: { day: number; shares: DueShare[] }[] = [];
  const single: DueShare[] = [];
  for (const { day, shares } of buckets) {
    if (day >= today) continue;
    const due = shares.flatMap(({ namespace, lastHeardMs }) => {
      const keep = retentionDaysOf(rules, namespace);
      if (keep === 0 || today - day <= keep) return [];
      const heardBeforeMs = nowMs - keep * dayMs;
      return [{ whole: lastHeardMs < heardBeforeMs, share: { day, namespace, heardBeforeMs } }];
    });
    if (due.length === shares.length && due.every(({ whole }) => whole))
      days.push({ day, shares: due.map(({ share }) => share) });
    else single.push(...due.map(({ share }) => share));
  }
  return { days, shares: single };
}

export interface SizeForecast {
  readonly days: number;
  readonly bytesPerDay: number;
  readonly measuredDays: number;
  /** Undefined where nothing is ever dropped. */
  readonly bytes: number | undefined;
}

/** What is kept of a namespace, by day. Bytes of a day that several share are split by their facts. */
export function sizeByDay(buckets: readonly Bucket[], namespace: string): Map<number, number> {
  return new Map(
    buckets.flatMap(({ day, bytes, shares }) => {
      const own = shares.find((share) => share.namespace === namespace)?.facts ?? 0;
      const all = shares.reduce((sum, { facts }) => sum + facts, 0);
      return own === 0 ? [] : [[day, Math.round((bytes * own) / all)] as const];
    }),
  );
}

const measuredDays = 7;

/**
 * What a namespace will take when as much comes as lately: the mean of the last seven full days from its first on, or today
 * where there is no other.
 */
export function forecastOf(bytesByDay: ReadonlyMap<number, number>, days: number, nowMs: number): SizeForecast {
  const today = Math.floor(nowMs / dayMs);
  const first = Math.max(today - measuredDays, Math.min(today, ...bytesByDay.keys()));
  const full = Array.from({ length: today - first }, (_, i) => bytesByDay.get(first + i) ?? 0);
  const seen = full.length > 0 ? full : [bytesByDay.get(today) ?? 0];
  const bytesPerDay = Math.round(seen.reduce((sum, bytes) => sum + bytes, 0) / seen.length);
  // Beside the days that are kept, the one that is filled.
  return { days, bytesPerDay, measuredDays: seen.length, bytes: days === 0 ? undefined : bytesPerDay * (days + 1) };
}
