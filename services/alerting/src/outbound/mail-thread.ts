// How mails of a group stand together in mail programs: all below one root, which is no mail, and below the first that was sent.
import { createHash } from 'node:crypto';
import type { TakenNotification } from '../ports.ts';

export interface Threading {
  readonly enabled?: boolean | undefined;
  /** daily, or none: one thread for as long as the group lives. */
  readonly thread_by_date?: string | undefined;
}

export interface MailThread {
  readonly inReplyTo: string;
  readonly references: string;
  /** Finds the first mail of the thread again. */
  readonly handle: string;
}

/** As Alertmanager names a thread: the mails of a group, of one day if they are parted by date. */
export function threadId(groupKey: string, atMs: number, byDate: boolean): string {
  const hash = createHash('sha256').update(groupKey).digest('hex').slice(0, 16);
  return `<alert-${hash}-${byDate ? new Date(atMs).toISOString().slice(0, 10) : ''}@tmws>`;
}

/**
 * The headers of RFC 5322, section 3.6.4, of a mail with this Message-ID. The root holds a thread together where the first mail is
 * not there; the first mail does where a program wants a mail that there is. Repeats and the end hang below the first, none below another.
 *
 * @returns undefined: the mail stands alone
 */
export function mailThread(
  { enabled, thread_by_date: by }: Threading = {},
  { groupKey, createdAtMs, handle }: Pick<TakenNotification, 'groupKey' | 'createdAtMs' | 'handle'>,
  messageId: string,
  enabledByDefault: boolean,
): MailThread | undefined {
  if (!(enabled ?? enabledByDefault)) return undefined;
  const root = threadId(groupKey, createdAtMs, by !== 'none');
  const [known, first = ''] = handle.split(' ');
  if (known !== root || first === messageId || first === '')
    return { inReplyTo: root, references: root, handle: `${root} ${messageId}` };
  return { inReplyTo: first, references: `${root} ${first}`, handle };
}

/** A fault of `threading`, if it is one. */
export function threadingFault({ thread_by_date: by }: Threading = {}): string | undefined {
  if (by === undefined || by === 'daily' || by === 'none') return undefined;
  return `threading.thread_by_date must be daily or none (got ${JSON.stringify(by)})`;
}
