// Slack's Web API as a bot: one message for each group, edited in place; what changes is said in its thread.
//
//   no message ──post──▶ there ──edit──▶ there        deleted, or the group fires again after all was resolved: post
//   in doubt (an answer was lost, a process killed) ──look for it by its metadata──▶ there, or post
//
//   S1  a notification is in the channel once, also after a kill between the post and its receipt, where the app may read the channel
//   S2  what is done of a notification is not done again when the rest is tried again
//   S3  no value of a label begins a mention or a link, and no message goes beyond Slack's limits
import { setTimeout as pause } from 'node:timers/promises';
import type { SlackBotConfig } from '../domain/config/more-receivers.ts';
import { groupIdOf } from '../domain/group-id.ts';
import type { NotificationDoc, Sink, TakenNotification } from '../ports.ts';
import type { GroupCare, LookAtCare } from '../read-ports.ts';
import type { SinkKind, SinkParts } from './sink-kind.ts';
import { answering } from './sink-answer.ts';
import { renderingOf } from './sink-templates.ts';
import { openSlackApi, type SlackApi, SlackRefusal } from './slack-bot-sink-api.ts';
import { consoleUrl, type SlackMessage, slackBotMessage } from './slack-bot-sink-blocks.ts';
import { slackBotFaults } from './slack-bot-sink-checks.ts';
import { findMessage, findReplies, type KnownChannels, metadataOf } from './slack-bot-sink-find.ts';
import { type At, type Done, readDone, readTold, type Told } from './slack-bot-sink-progress.ts';
import { changed, continued, type Reply, shortName } from './slack-bot-sink-thread.ts';
import { escapedDoc } from './slack-bot-sink-words.ts';

export const slackBotKind: SinkKind<SlackBotConfig> = {
  sendResolved: true,
  guarantee: 'exactly_once',
  sink: slackBotSink,
  check: slackBotFaults,
};

/** Groups of which a first message may be there without this process knowing it. */
const mostDoubtful = 10_000;
const mostRemembered = 500;
/** So much of a sink's ten seconds is left for the calls after a wait. */
const longestWaitMs = 5_000;
/** The message is not there any more, or cannot be edited any more. */
const gone = /^(?:message_not_found|cant_update_message|edit_window_closed|channel_not_found|thread_not_found)$/;
const tooMuch = /^(?:invalid_blocks\w*|msg_blocks_too_long|msg_too_long|block_mismatch|no_text)$/;

const nobody: GroupCare = { groupId: undefined, acknowledged: [], silenced: [] };
const nobodyKnows: LookAtCare = () => nobody;

export function slackBotSink(
  config: SlackBotConfig,
  { templates, http, clock, care: lookAtCare = nobodyKnows }: SinkParts,
): Sink {
  const channels: KnownChannels = new Map();
  const doubtful = new Map<string, number>();
  const wanted = config.channel ?? '';
  const buttons = config.actions !== false && (config.signing_secret !== undefined || config.signing_secret_file !== undefined);

  const doubt = (group: string, sinceMs: number): void => {
    doubtful.set(group, Math.min(sinceMs, doubtful.get(group) ?? sinceMs));
    const oldest = doubtful.size > mostDoubtful ? doubtful.keys().next().value : undefined;
    if (oldest !== undefined) doubtful.delete(oldest);
  };

  return (notification) =>
    answering(async () => {
      const { id, namespace, receiver, groupKey, attempts, createdAtMs, firing } = notification;
      const { care: given, ...doc } = JSON.parse(notification.doc) as NotificationDoc & { readonly care?: GroupCare };
      const known = lookAtCare(namespace, { receiver, groupKey }, firing);
      const care = known.acknowledged.length + known.silenced.length === 0 ? (given ?? known) : known;
      const plain = renderingOf(templates, doc, clock());
      const marked = renderingOf(templates, escapedDoc(doc), clock());
      const message = slackBotMessage({ config, doc, plain, marked, namespace, care, buttons });
      const api = await openSlackApi(config, http, clock);
      const group = `${groupIdOf(namespace, groupKey)}/${notification.groupNo}`;
      const before = readTold(notification.handle);
      const current = before !== undefined && isStillMeant(before, doc) ? before : undefined;
      const done = readDone(notification.progress);
      const state = {
        doubt: attempts > 1 && !(done?.sure === true && done.attempts === attempts - 1),
        main: done?.main,
        said: new Set(done?.said),
      };
      const wasInDoubt = state.doubt;
      try {
        state.main ??= await tell();
        doubtful.delete(group);
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        return { ...error.answer, progress: JSON.stringify(progress()) };
      }
      const { main } = state;
      const replies = config.thread === false ? [] : repliesOf();
      const failed = await sayAll(main, replies);
      if (failed !== undefined && !failed.answer.permanent && current !== undefined)
        return { ...failed.answer, progress: JSON.stringify(progress()) };
      const unsaid =
        failed === undefined ? '' : ` (${replies.length - state.said.size} replies not said: ${failed.word || 'no answer'})`;
      return { sent: true, receipt: `${main.channel} ${main.ts}${unsaid}`, handle: JSON.stringify(toldBy(main, notification)) };

      function progress(): Done {
        return { attempts, sure: !state.doubt, ...(state.main !== undefined && { main: state.main }), said: [...state.said] };
      }

      function isStillMeant(told: Told, { status }: NotificationDoc): boolean {
        const over = told.whole && told.firing.length === 0;
        return told.wanted === wanted && !(over && status === 'firing');
      }

      async function tell(): Promise<At> {
        if (current !== undefined) {
          const at = { channel: current.channel, ts: current.ts };
          if (await edited(at)) return at;
        }
        const sinceMs = doubtful.get(group);
        if (state.doubt || sinceMs !== undefined) {
          const found = await findMessage(
            api,
            channels,
            wanted,
            Math.min(createdAtMs, sinceMs ?? createdAtMs),
            (carried) => carried.id === id || (before === undefined && carried.group === group),
          );
          state.doubt = false;
          if (found !== undefined && (await edited(found))) return found;
        }
        return await posted();
      }

      async function edited({ channel, ts }: At): Promise<boolean> {
        try {
          await speak(api, 'chat.update', { channel, ts, metadata: metadataOf({ id, group }) }, message);
          return true;
        } catch (error) {
          if (error instanceof SlackRefusal && gone.test(error.word)) return false;
          throw error;
        }
      }

      async function posted(): Promise<At> {
        try {
          const given = { channel: wanted, metadata: metadataOf({ id, group }), unfurl_links: false, unfurl_media: false };
          const { channel = '', ts = '' } = await speak(api, 'chat.postMessage', given, message);
          return { channel, ts };
        } catch (error) {
          if (error instanceof SlackRefusal && !error.sure) {
            state.doubt = true;
            doubt(group, createdAtMs);
          }
          throw error;
        }
      }

      function repliesOf(): Reply[] {
        if (current === undefined) return continued(message.rest, consoleUrl({ doc, namespace, care }));
        const reply = changed(notification, doc, current);
        return reply === undefined ? [] : [reply];
      }

      /** @returns why those that are not in `said` are not said */
      async function sayAll(at: At, all: readonly Reply[]): Promise<SlackRefusal | undefined> {
        try {
          if (wasInDoubt && all.length > 0) for (const part of await findReplies(api, at, id)) state.said.add(part);
          for (const [part, reply] of all.entries()) if (!state.said.has(part)) await sayOne(at, reply, part);
          return undefined;
        } catch (error) {
          if (error instanceof SlackRefusal) return error;
          throw error;
        }
      }

      async function sayOne(at: At, { text, blocks, broadcast }: Reply, part: number): Promise<void> {
        const carried = metadataOf({ id, group, part });
        const given = { channel: at.channel, thread_ts: at.ts, metadata: carried, ...(broadcast && { reply_broadcast: true }) };
        const say = () => api('chat.postMessage', { ...given, text, blocks, unfurl_links: false, unfurl_media: false });
        try {
          try {
            await say();
          } catch (error) {
            const waitMs = error instanceof SlackRefusal && error.sure ? error.answer.retryAfterMs : undefined;
            // Nothing remembers a first message before its receipt, so what belongs to it is said with it.
            if (current !== undefined || waitMs === undefined || waitMs > longestWaitMs) throw error;
            await pause(waitMs);
            await say();
          }
          state.said.add(part);
        } catch (error) {
          if (error instanceof SlackRefusal && !error.sure) state.doubt = true;
          throw error;
        }
      }
    });

  function toldBy({ channel, ts }: At, { firing }: TakenNotification): Told {
    const names = firing.slice(0, mostRemembered).map(shortName);
    return { channel, ts, wanted, firing: names, whole: firing.length <= mostRemembered };
  }
}

/** A message that Slack finds too much is said in a line: an alert is told all the same. */
async function speak(api: SlackApi, method: string, given: Readonly<Record<string, unknown>>, message: SlackMessage) {
  const { text, blocks } = message;
  try {
    return await api(method, { ...given, text, blocks });
  } catch (error) {
    if (!(error instanceof SlackRefusal) || !tooMuch.test(error.word)) throw error;
    const [head] = blocks;
    return await api(method, { ...given, text, blocks: [head, blocks.at(-1)] });
  }
}
