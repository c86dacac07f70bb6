// What receivers refused for good, of each group: the same is not said again at each group_interval.
import { aboutOf, type GroupNow } from '../domain/notify-decision.ts';
import type { Sink, TakenNotification } from '../ports.ts';

interface Addressed {
  readonly groupNo: bigint;
  readonly receiver: string;
  readonly integration: string;
}

interface Refused {
  readonly about: string;
  /** In a row, of the same. */
  readonly times: number;
  readonly atMs: number;
}

export interface Refusals {
  /** Whether that was refused lately: no message about it is made now. */
  holds(to: Addressed, now: GroupNow, every: { groupIntervalMs: number; repeatIntervalMs: number }, nowMs: number): boolean;
  refused(notification: TakenNotification, nowMs: number): void;
  /** @returns whether that was refused before */
  sent(notification: TakenNotification): boolean;
}

const longestWaitMs = 30 * 60_000;
/** Of one sink; the one refused first is forgotten first. */
const mostGroups = 10_000;

/**
 * Each process has its own.
 *
 *   R1  what is refused is said again after twice group_interval, then after twice as long each time, up to half an hour, or
 *       repeat_interval where that is shorter
 *   R2  what differs, and anything after the receiver's configuration was read anew, is said when the group is next looked at
 *   R3  a clock that was set back holds nothing
 *
 * @param sinkOf  the same one as long as its configuration is in force
 */
export function openRefusals(sinkOf: (receiver: string, integration: string) => Sink | undefined): Refusals {
  const bySink = new WeakMap<Sink, Map<bigint, Refused>>();
  const of = ({ receiver, integration }: Addressed): Map<bigint, Refused> | undefined => {
    const sink = sinkOf(receiver, integration);
    return sink === undefined ? undefined : groupsOf(sink);
  };
  const groupsOf = (sink: Sink): Map<bigint, Refused> => {
    const known = bySink.get(sink) ?? new Map<bigint, Refused>();
    bySink.set(sink, known);
    return known;
  };
  return {
    holds(to, now, { groupIntervalMs, repeatIntervalMs }, nowMs) {
      const known = of(to)?.get(to.groupNo);
      if (known === undefined || known.about !== aboutOf(now)) return false;
      const grown = Math.max(groupIntervalMs, Math.min(longestWaitMs, groupIntervalMs * 2 ** known.times));
      // It was refused a moment after the group was looked at, and groups are looked at on a beat.
      const waitMs = Math.min(repeatIntervalMs, grown) - groupIntervalMs / 2;
      return nowMs >= known.atMs && nowMs - known.atMs < waitMs;
    },
    refused(notification, nowMs) {
      const groups = of(notification);
      const about = aboutOf(notification);
      const known = groups?.get(notification.groupNo);
      groups?.delete(notification.groupNo);
      groups?.set(notification.groupNo, { about, times: known?.about === about ? known.times + 1 : 1, atMs: nowMs });
      const [first] = groups?.keys() ?? [];
      if (groups !== undefined && groups.size > mostGroups && first !== undefined) groups.delete(first);
    },
    sent: (notification) => of(notification)?.delete(notification.groupNo) ?? false,
  };
}
