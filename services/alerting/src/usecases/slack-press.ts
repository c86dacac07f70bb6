// What somebody pressed in Slack, out of the body that Slack sends: form-encoded, with JSON in `payload`.
import { Problem } from '@tmws/problems';
import { actionIds, parseRef, type SlackRef, silenceTimes } from '../domain/slack-ref.ts';

export interface Press {
  /** `slack:` and the user's name. */
  readonly by: string;
  readonly user: string;
  readonly channel: string;
  readonly what: { readonly kind: 'acknowledge' } | { readonly kind: 'silence'; readonly time: string; readonly forMs: number };
  readonly ref: SlackRef;
}

interface Payload {
  readonly type?: unknown;
  readonly user?: { readonly id?: unknown; readonly username?: unknown; readonly name?: unknown };
  readonly channel?: { readonly id?: unknown };
  readonly container?: { readonly channel_id?: unknown };
  readonly actions?: readonly {
    readonly action_id?: unknown;
    readonly value?: unknown;
    readonly selected_option?: { readonly value?: unknown };
  }[];
}

/** undefined: nothing that is acted upon, as a link that was opened. @throws Problem `invalid` */
export function readPress(body: Uint8Array): Press | undefined {
  const text = new URLSearchParams(Buffer.from(body).toString('utf8')).get('payload');
  if (text === null) throw new Problem('invalid', 'the body must be form-encoded with the field payload', { field: 'payload' });
  const payload = parsed(text);
  if (payload.type !== 'block_actions') return undefined;
  const action = payload.actions?.[0];
  const word = (value: unknown): string => (typeof value === 'string' ? value : '');
  const { user } = payload;
  const name = word(user?.username) || word(user?.name) || word(user?.id) || 'somebody';
  const about = {
    by: `slack:${name
      .toWellFormed()
      .replaceAll(/[^\p{L}\p{N}._@-]/gu, '_')
      .slice(0, 80)}`,
    user: word(user?.id),
    channel: word(payload.channel?.id) || word(payload.container?.channel_id),
  };
  if (action?.action_id === actionIds.acknowledge) {
    const ref = parseRef(word(action.value));
    return ref === undefined ? undefined : { ...about, what: { kind: 'acknowledge' }, ref };
  }
  if (action?.action_id !== actionIds.silence) return undefined;
  const [time = '', given = ''] = word(action.selected_option?.value).split(' ');
  const [ref, forMs] = [parseRef(given), Object.hasOwn(silenceTimes, time) ? silenceTimes[time] : undefined];
  return ref === undefined || forMs === undefined ? undefined : { ...about, what: { kind: 'silence', time, forMs }, ref };
}

function parsed(text: string): Payload {
  try {
    const value = JSON.parse(text) as Payload | null;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new Problem('invalid', 'payload must be a JSON object', { field: 'payload' });
}
