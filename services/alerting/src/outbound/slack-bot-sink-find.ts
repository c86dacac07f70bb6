// Messages of this bot, found again by the metadata they carry: after a kill between a post and its receipt nothing is said twice.
import type { SlackApi, SlackMessageFound } from './slack-bot-sink-api.ts';
import { SlackRefusal } from './slack-bot-sink-api.ts';

export const eventType = 'tmws_notification';

/** What each message carries. `group`: the ledger's number of the group; `part`: which reply of the notification it is. */
export interface Carried {
  readonly id: string;
  readonly group: string;
  readonly part?: number;
}

export const metadataOf = (carried: Carried) => ({ event_type: eventType, event_payload: carried });

/** A message is younger than its notification, but this clock may be off by an hour or be set back meanwhile. */
const marginMs = 2 * 3_600_000;
const perPage = 100;
const mostPages = 5;
/** The app may not look: then a message may be said twice after a kill. */
const mayNotLook =
  /^(?:missing_scope|not_in_channel|no_permission|access_denied|not_allowed_token_type|channel_not_found|unknown_method|method_not_supported_for_channel_type|invalid_metadata.*|thread_not_found)$/;

/** Name → id of channels that were found; made by whoever keeps it. */
export type KnownChannels = Map<string, string>;

/** The ts of the newest message of the channel since then that is meant; undefined: none, or the app may not look. @throws SlackRefusal */
export async function findMessage(
  api: SlackApi,
  known: KnownChannels,
  channel: string,
  sinceMs: number,
  meant: (carried: Carried) => boolean,
): Promise<{ channel: string; ts: string } | undefined> {
  return await looking(async () => {
    const id = await channelId(api, known, channel);
    if (id === undefined) return undefined;
    const oldest = (Math.max(0, sinceMs - marginMs) / 1000).toFixed(6);
    const given = { channel: id, oldest, inclusive: true, include_all_metadata: true, limit: perPage };
    for await (const { ts, carried } of pages(api, 'conversations.history', given))
      if (carried.part === undefined && meant(carried)) return { channel: id, ts };
    return undefined;
  });
}

/** Which replies of the notification its thread has already. @throws SlackRefusal */
export async function findReplies(api: SlackApi, at: { channel: string; ts: string }, id: string): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  await looking(async () => {
    const given = { channel: at.channel, ts: at.ts, include_all_metadata: true, limit: perPage };
    for await (const { carried } of pages(api, 'conversations.replies', given))
      if (carried.id === id && carried.part !== undefined) found.add(carried.part);
    return undefined;
  });
  return found;
}

async function* pages(api: SlackApi, method: string, given: Readonly<Record<string, unknown>>) {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { messages = [], response_metadata: more } = await api(method, { ...given, ...(cursor !== undefined && { cursor }) });
    for (const message of messages) {
      const carried = carriedBy(message);
      if (carried !== undefined && message.ts !== undefined) yield { ts: message.ts, carried };
    }
    cursor = more?.next_cursor;
    if (cursor === undefined || cursor === '') return;
  }
}

function carriedBy({ metadata }: SlackMessageFound): Carried | undefined {
  if (metadata?.event_type !== eventType) return undefined;
  const { id, group, part } = metadata.event_payload ?? {};
  if (typeof id !== 'string') return undefined;
  return { id, group: typeof group === 'string' ? group : '', ...(typeof part === 'number' && { part }) };
}

/** Posts go to names too, reads only to ids. */
async function channelId(api: SlackApi, known: KnownChannels, channel: string): Promise<string | undefined> {
  if (/^[CGD][A-Z0-9]{5,}$/.test(channel)) return channel;
  const name = channel.replace(/^#/, '');
  const before = known.get(name);
  if (before !== undefined) return before;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const given = { types: 'public_channel,private_channel', exclude_archived: true, limit: 1000 };
    const { channels = [], response_metadata: more } = await api('conversations.list', {
      ...given,
      ...(cursor !== undefined && { cursor }),
    });
    const found = channels.find((each) => each.name === name)?.id;
    if (found !== undefined) {
      known.set(name, found);
      return found;
    }
    cursor = more?.next_cursor;
    if (cursor === undefined || cursor === '') return undefined;
  }
  return undefined;
}

async function looking<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof SlackRefusal && mayNotLook.test(error.word)) return undefined;
    throw error;
  }
}
