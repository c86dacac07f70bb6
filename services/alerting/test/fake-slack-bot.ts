// Slack's Web API on a real socket, as far as a bot that posts needs it: its limits, its words, its metadata.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlackBlock {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly {
    readonly type: string;
    readonly text?: string | { readonly text: string };
    readonly action_id?: string;
    readonly value?: string;
    readonly url?: string;
    readonly options?: readonly { readonly value: string }[];
  }[];
}

export interface SlackPosted {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly broadcast: boolean;
  text: string;
  blocks: SlackBlock[];
  metadata: { event_type: string; event_payload: { id: string; group: string; part?: number } };
  edits: number;
}

/** `lost`: it is done, and the connection breaks before its answer. */
export type SlackTrouble =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | { readonly error: string; readonly headers?: Record<string, string> }
  | 'hang'
  | 'cut'
  | 'half'
  | 'lost';

export interface FakeSlackBot extends AsyncDisposable {
  readonly url: string;
  readonly calls: { readonly method: string; readonly given: Record<string, string>; readonly token: string }[];
  /** In the order they were posted. */
  readonly messages: SlackPosted[];
  readonly ephemeral: { readonly channel: string; readonly user: string; readonly text: string }[];
  /** Those at the top of a channel. */
  top(): SlackPosted[];
  replies(of: SlackPosted | undefined): SlackPosted[];
  delete(message: SlackPosted | undefined): void;
  /** The next calls of the method go so, in turn. */
  next(method: string, ...troubles: (SlackTrouble | 'ok')[]): void;
  /** Every call of the method from here on; undefined: no more. */
  always(method: string, trouble: SlackTrouble | undefined): void;
}

export const botToken = 'xoxb-not-a-real-token';
const channels = [
  { id: 'C0123456789', name: 'ops' },
  { id: 'C0987654321', name: 'security' },
];

const noon = Date.UTC(2026, 10, 22, 12);

/** @param clock  of the times that name messages */
export async function startFakeSlackBot({ clock = () => noon } = {}): Promise<FakeSlackBot> {
  const calls: FakeSlackBot['calls'] = [];
  const messages: SlackPosted[] = [];
  const ephemeral: FakeSlackBot['ephemeral'] = [];
  const asked = new Map<string, (SlackTrouble | 'ok')[]>();
  const standing = new Map<string, SlackTrouble>();
  let last = Math.floor(clock() / 1000) * 1_000_000;
  const nextTs = (): string => {
    last = Math.max(last + 100, Math.floor(clock()) * 1000);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
  const no = (error: string) => ({ ok: false, error });
  const channelOf = (given: string) => channels.find(({ id, name }) => id === given || name === given.replace(/^#/, ''))?.id;
  const at = ({ channel, ts }: Record<string, string>) => messages.find((each) => each.channel === channel && each.ts === ts);

  const methods: Record<string, (given: Record<string, string>) => object> = {
    'chat.postMessage'(given) {
      const channel = channelOf(given.channel ?? '');
      if (channel === undefined) return no('channel_not_found');
      const wrong = faultOf(given);
      if (wrong !== undefined) return no(wrong);
      const ts = nextTs();
      const { thread_ts: thread, text = '' } = given;
      if (thread !== undefined && at({ channel, ts: thread }) === undefined) return no('thread_not_found');
      messages.push({
        ...{ channel, ts, text, broadcast: given.reply_broadcast === 'true', edits: 0 },
        ...(thread !== undefined && { thread_ts: thread }),
        blocks: parsed(given.blocks) as SlackBlock[],
        metadata: parsed(given.metadata) as SlackPosted['metadata'],
      });
      return { ok: true, channel, ts };
    },
    'chat.update'(given) {
      const wrong = faultOf(given);
      if (wrong !== undefined) return no(wrong);
      const message = at(given);
      if (message === undefined) return no('message_not_found');
      message.text = given.text ?? '';
      message.blocks = parsed(given.blocks) as SlackBlock[];
      message.metadata = parsed(given.metadata) as SlackPosted['metadata'];
      message.edits++;
      return { ok: true, channel: message.channel, ts: message.ts };
    },
    'chat.postEphemeral'({ channel = '', user = '', text = '' }) {
      ephemeral.push({ channel, user, text });
      return { ok: true, message_ts: nextTs() };
    },
    'conversations.history'({ channel, oldest = '0', include_all_metadata: whole, limit = '100', cursor = '0' }) {
      if (!channels.some(({ id }) => id === channel)) return no('channel_not_found');
      const found = messages
        .filter((each) => each.channel === channel && (each.thread_ts === undefined || each.broadcast))
        .filter(({ ts }) => Number(ts) >= Number(oldest))
        .toReversed();
      return paged(found, whole, limit, cursor);
    },
    'conversations.replies'({ channel, ts, include_all_metadata: whole, limit = '100', cursor = '0' }) {
      const found = messages.filter((each) => each.channel === channel && (each.ts === ts || each.thread_ts === ts));
      return found.length === 0 ? no('thread_not_found') : paged(found, whole, limit, cursor);
    },
    'conversations.list': () => ({ ok: true, channels }),
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const method = (request.url ?? '').replace(/^\/api\//, '');
    const given = Object.fromEntries(new URLSearchParams(body));
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    calls.push({ method, given, token });
    const trouble = asked.get(method)?.shift() ?? standing.get(method) ?? 'ok';
    const say = (answer: object, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(answer));
    const act = () => (token === botToken ? (methods[method]?.(given) ?? no('unknown_method')) : no('invalid_auth'));
    if (trouble === 'ok') say(act());
    else if (trouble === 'lost') {
      act();
      request.socket.destroy();
    } else if (trouble === 'cut') request.socket.destroy();
    else if (trouble === 'half') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(JSON.stringify(act()).slice(0, 8));
      setImmediate(() => request.socket.destroy());
    } else if (trouble === 'hang') act();
    else if ('error' in trouble) say(no(trouble.error), trouble.headers);
    else response.writeHead(trouble.status, trouble.headers).end(trouble.body ?? '');
  };
  const server = createServer((request, response) => void handle(request, response).catch(() => request.socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}/api/`, calls, messages, ephemeral },
    top: () => messages.filter((each) => each.thread_ts === undefined),
    replies: (of) => messages.filter((each) => each.thread_ts === of?.ts),
    delete: (message) => void messages.splice(messages.indexOf(message!), 1),
    next: (method, ...troubles) => void asked.set(method, [...(asked.get(method) ?? []), ...troubles]),
    always(method, trouble) {
      if (trouble === undefined) standing.delete(method);
      else standing.set(method, trouble);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const parsed = (text: string | undefined): unknown => JSON.parse(text ?? '[]') as unknown;

function paged(found: readonly SlackPosted[], whole: string | undefined, limit: string, cursor: string) {
  const [from, most] = [Number(cursor), Number(limit)];
  const next = from + most < found.length ? String(from + most) : '';
  const messages = found
    .slice(from, from + most)
    .map(({ metadata, ...rest }) => (whole === 'true' ? { ...rest, metadata } : rest));
  return { ok: true, messages, response_metadata: { next_cursor: next } };
}

/** Slack's limits. */
function faultOf({ text = '', blocks: given }: Record<string, string>): string | undefined {
  const blocks = parsed(given) as SlackBlock[];
  if (text === '' && blocks.length === 0) return 'no_text';
  if (blocks.length > 50) return 'invalid_blocks';
  if (JSON.stringify(blocks).length > 13_200) return 'msg_blocks_too_long';
  return blocks.some(isWrong) ? 'invalid_blocks' : undefined;
}

function isWrong({ type, text, fields, elements }: SlackBlock): boolean {
  const long = (given: string | undefined, most: number): boolean => given !== undefined && (given === '' || given.length > most);
  if (type === 'header') return text === undefined || long(text.text, 150);
  if (type === 'section') {
    if (text === undefined && fields === undefined) return true;
    return long(text?.text, 3000) || (fields?.length ?? 0) > 10 || (fields ?? []).some((each) => long(each.text, 2000));
  }
  if (type === 'context') return elements === undefined || elements.length < 1 || elements.length > 10;
  if (type !== 'actions') return true;
  return (
    (elements ?? []).length < 1 ||
    (elements ?? []).length > 25 ||
    (elements ?? []).some(
      ({ value, url, options }) =>
        long(value, 2000) || long(url, 3000) || (options ?? []).some((option) => long(option.value, 150)),
    )
  );
}
