// What is known of a notification's requests to Splunk between attempts. Splunk counts the ackIds of a channel from 0, and each notification has a
// channel of its own, so its requests, posted one after the other, have 0, 1, 2 …

export interface PostedBody {
  /** Every ackId it got: one for each time it was posted. */
  readonly acks: readonly number[];
  /** When it was posted last; absent: never, as far as is known. */
  readonly postedMs?: number;
  /** By which ackId Splunk said that it is indexed; -1: it was taken, and Splunk gives no ackIds. */
  readonly done?: number;
}

export interface HecProgress {
  /** The attempt that wrote it: one that left nothing was killed. */
  readonly attempt: number;
  readonly bodies: readonly PostedBody[];
  /** Since then it is not known whether something was posted. */
  readonly doubt?: {
    readonly sinceMs: number;
    /** The one whose answer was lost; absent: any that has no ackId. */
    readonly body?: number;
  };
}

export const formatProgress = (progress: HecProgress): string => JSON.stringify(progress);

/**
 * What is known at the beginning of an attempt.
 *
 *   H1  a first attempt has no doubt
 *   H2  an attempt before this one that left nothing may have posted: doubt since now
 *   H3  a time of the future (the clock was set back) is now
 */
export function progressOf(text: string, attempts: number, bodies: number, nowMs: number): HecProgress {
  const left = read(text, bodies);
  const killed = left === undefined ? attempts > 1 : attempts > left.attempt + 1;
  const doubt = killed ? { sinceMs: nowMs } : left?.doubt;
  const known: readonly PostedBody[] = left?.bodies ?? Array.from({ length: bodies }, () => ({ acks: [] }));
  return {
    attempt: attempts,
    bodies: known.map((each) => (each.postedMs === undefined ? each : { ...each, postedMs: Math.min(each.postedMs, nowMs) })),
    ...(doubt !== undefined && { doubt: { ...doubt, sinceMs: Math.min(doubt.sinceMs, nowMs) } }),
  };
}

function read(text: string, bodies: number): HecProgress | undefined {
  if (text === '') return undefined;
  try {
    const left = JSON.parse(text) as HecProgress;
    return left.bodies.length === bodies ? left : undefined;
  } catch {
    return undefined;
  }
}

export const allDone = ({ bodies }: HecProgress): boolean => bodies.every(({ done }) => done !== undefined);

/** Bodies to be posted: never posted, or so long ago that they are taken for lost. */
export const toPost = ({ bodies }: HecProgress, ackTimeoutMs: number, nowMs: number): number[] =>
  [...bodies.keys()].filter((index) => {
    const { done, postedMs } = bodies[index] ?? { acks: [] };
    return done === undefined && (postedMs === undefined || nowMs - postedMs >= ackTimeoutMs);
  });

/** AckIds to ask for, and whose they are. In doubt also those that the bodies would have got which are to be posted. */
export function acksToAsk(progress: HecProgress, ackTimeoutMs: number, nowMs: number): Map<number, number> {
  const { bodies, doubt } = progress;
  const asked = new Map<number, number>();
  for (const [index, { acks, done }] of bodies.entries()) if (done === undefined) for (const ack of acks) asked.set(ack, index);
  if (doubt === undefined) return asked;
  let next = Math.max(-1, ...bodies.flatMap(({ acks }) => acks)) + 1;
  for (const index of toPost(progress, ackTimeoutMs, nowMs)) asked.set(next++, index);
  return asked;
}

/** Once Splunk said that it has some. The doubt about one of them is over. */
export function withIndexed(progress: HecProgress, indexed: readonly (readonly [body: number, ack: number])[]): HecProgress {
  const bodies = [...progress.bodies];
  for (const [index, done] of indexed) bodies[index] = { acks: [], ...bodies[index], done };
  const known = indexed.some(([index]) => index === progress.doubt?.body);
  return { ...(known ? settled(progress) : progress), bodies };
}

export function settled({ doubt: _, ...progress }: HecProgress): HecProgress {
  return progress;
}

/** Once a body was posted. An ackId that is not above all others is of a Splunk that began to count anew: it knows the others no more. */
export function withPosted(progress: HecProgress, body: number, ack: number | undefined, nowMs: number): HecProgress {
  const anew = ack !== undefined && progress.bodies.some(({ acks }) => acks.some((other) => other >= ack));
  const bodies = progress.bodies.map((each, index): PostedBody => {
    const acks = anew ? [] : each.acks;
    if (index !== body) return { ...each, acks };
    if (ack === undefined) return { acks, postedMs: nowMs, done: -1 };
    return { acks: [...acks, ack], postedMs: nowMs };
  });
  return { ...progress, bodies };
}
