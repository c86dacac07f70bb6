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

interface RefusedDigest {
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
  readonly atMs: number;
}

interface OfSink {
  readonly groups: Map<bigint, Refused>;
  digests: readonly RefusedDigest[];
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
const mostDigests = 20;

/**
 * Each process has its own.
 *
 *   R1  what is refused is said again after twice group_interval, then after twice as long each time, up to half an hour, or
 *       repeat_interval where that is shorter
 *   R2  what differs, and anything after the receiver's configuration was read anew, is said when the group is next looked at
 *   R3  a clock that was set back holds nothing
 *   R4  what stood in a digest that is refused waits the longest of these times
 *
 * @param sinkOf  the same one as long as its configuration is in force
 */
export function openRefusals(sinkOf: (receiver: string, integration: string) => Sink | undefined): Refusals {
  const bySink = new WeakMap<Sink, OfSink>();
  const of = ({ receiver, integration }: Pick<Addressed, 'receiver' | 'integration'>): OfSink | undefined => {
    const sink = sinkOf(receiver, integration);
    return sink === undefined ? undefined : ofSink(sink);
  };
  const ofSink = (sink: Sink): OfSink => {
    const known = bySink.get(sink) ?? { groups: new Map<bigint, Refused>(), digests: [] };
    bySink.set(sink, known);
    return known;
  };
  return {
    holds(to, now, { groupIntervalMs, repeatIntervalMs }, nowMs) {
      const known = of(to);
      const own = known?.groups.get(to.groupNo);
      const within = (waitMs: number, atMs: number): boolean => {
        // It was refused a moment after the group was looked at, and groups are looked at on a beat.
        const leastMs = Math.min(repeatIntervalMs, Math.max(groupIntervalMs, waitMs)) - groupIntervalMs / 2;
        return nowMs >= atMs && nowMs - atMs < leastMs;
      };
      if (own?.about === aboutOf(now) && within(Math.min(longestWaitMs, groupIntervalMs * 2 ** own.times), own.atMs)) return true;
      return known?.digests.some((digest) => holdsAll(digest, now) && within(longestWaitMs, digest.atMs)) ?? false;
    },
    refused(notification, nowMs) {
      const known = of(notification);
      if (known === undefined) return;
      const { groupNo, reason, firing, resolved } = notification;
      if (reason === 'digest') {
        const digest = { firing: new Set(firing), resolved: new Set(resolved), atMs: nowMs };
        known.digests = [digest, ...known.digests].slice(0, mostDigests);
        return;
      }
      const about = aboutOf(notification);
      const before = known.groups.get(groupNo);
      known.groups.delete(groupNo);
      known.groups.set(groupNo, { about, times: before?.about === about ? before.times + 1 : 1, atMs: nowMs });
      const [first] = known.groups.keys();
      if (known.groups.size > mostGroups && first !== undefined) known.groups.delete(first);
    },
    sent(notification) {
      const known = of(notification);
      // It takes digests again.
      if (known !== undefined && notification.reason === 'digest') known.digests = [];
      return known?.groups.delete(notification.groupNo) ?? false;
    },
  };
}

const holdsAll = ({ firing, resolved }: RefusedDigest, now: GroupNow): boolean =>
  now.firing.every((each) => firing.has(each)) && now.resolved.every((each) => resolved.has(each));
