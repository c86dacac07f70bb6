// What the sink of a Slack bot remembers: with a group, its message and what it said; with a notification, what of it is done.

/** A message of the group. */
export interface At {
  readonly channel: string;
  readonly ts: string;
}

/** With the group: `Notified.handle`. */
export interface Told extends At {
  /** The channel as the file has it: another one there gets a message of its own. */
  readonly wanted: string;
  /** Short names of what fired. */
  readonly firing: readonly string[];
  /** All of them are in `firing`. */
  readonly whole: boolean;
}

/** With the notification: `progress` of a SinkAnswer. */
export interface Done {
  /** Of this attempt. */
  readonly attempts: number;
  /** Nothing of it is in doubt: what was not done certainly was not done. */
  readonly sure: boolean;
  /** The group's message says it. */
  readonly main?: At;
  /** Replies that are said. */
  readonly said: readonly number[];
}

export const readTold = (text: string): Told | undefined => read<Told>(text, ({ channel, ts }) => isAt({ channel, ts }));
export const readDone = (text: string): Done | undefined => read<Done>(text, ({ attempts }) => typeof attempts === 'number');

const isAt = ({ channel, ts }: Partial<At>): boolean => typeof channel === 'string' && typeof ts === 'string';

function read<T>(text: string, is: (value: Partial<T>) => boolean): T | undefined {
  if (text === '') return undefined;
  try {
    const value = JSON.parse(text) as Partial<T> | null;
    return value !== null && typeof value === 'object' && is(value) ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
