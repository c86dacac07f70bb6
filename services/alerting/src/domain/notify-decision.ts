// Whether an integration is told of a group now. Behaviour: Alertmanager's deduplication stage.

/** What an integration was told last: the alerts that fired, those that were resolved, and when. */
export interface LastNotified {
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly atMs: number;
}

/** Under which name what an integration was told is remembered: another receiver's `slack/0` was told nothing of it. */
export const notifiedName = (receiver: string, integration: string): string => `${receiver} ${integration}`;

/** The alerts of a group that nothing mutes, by fingerprint. */
export interface GroupNow {
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

/** What a message is about, as a text that is the same whatever the order. */
export const aboutOf = ({ firing, resolved }: GroupNow): string =>
  `${firing.toSorted().join(' ')}|${resolved.toSorted().join(' ')}`;

export type NotifyReason =
  | 'first'
  | 'new firing'
  | 'all resolved'
  | 'new resolved'
  | 'repeat'
  | 'nothing fires'
  | 'never told that it fired'
  | 'nothing new';

export interface NotifyDecision {
  /** Send a message. */
  readonly notify: boolean;
  /** Keep the group as it is now as what was told last, also if nothing is sent. */
  readonly remember: boolean;
  /** The fingerprints the message is about. */
  readonly send: readonly string[];
  readonly reason: NotifyReason;
}

/**
 * What to tell.
 *
 *   N1  first time: only if something fires
 *   N2  an alert fires that the last message did not name as firing: told
 *   N3  nothing fires any more and the last message named something: told once, if resolved ones are sent; remembered in any case
 *   N4  something else is resolved since, and resolved ones are sent: told
 *   N5  otherwise only once `repeatIntervalMs` has passed since the last message
 *   N6  without `sendResolved` no message names a resolved alert, and none is sent that would name nothing
 *   N7  asked again at once with what was remembered, the answer is no
 */
export function decideNotify(
  last: LastNotified | undefined,
  now: GroupNow,
  options: { readonly sendResolved: boolean; readonly repeatIntervalMs: number },
  nowMs: number,
): NotifyDecision {
  const silent = (reason: NotifyReason): NotifyDecision => ({ notify: false, remember: false, send: [], reason });
  const told = (reason: NotifyReason): NotifyDecision => {
    const send = options.sendResolved ? [...now.firing, ...now.resolved] : now.firing;
    return { notify: send.length > 0, remember: true, send, reason };
  };
  if (last === undefined) return now.firing.length > 0 ? told('first') : silent('nothing fires');
  if (!isSubset(now.firing, last.firing)) return told('new firing');
  if (now.firing.length === 0) return last.firing.length > 0 ? told('all resolved') : silent('never told that it fired');
  if (options.sendResolved && !isSubset(now.resolved, last.resolved)) return told('new resolved');
  return last.atMs + options.repeatIntervalMs <= nowMs ? told('repeat') : silent('nothing new');
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  const known = new Set(all);
  return some.every((each) => known.has(each));
}
