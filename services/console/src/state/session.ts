// Who is signed in. The secret is in a cookie this page cannot read; what it holds is who it is, and the proof for what changes something.
//
//   unknown ─answer 200▶ in ─401▶ out ─sign in▶ in          unknown ─401▶ out
//   unknown ─answer 200, sign-in is off▶ in (as anonymous)   unknown ─no answer▶ unknown, asked again when the server is heard of
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Admission } from '../api/api.ts';
import { answerOf, ApiProblem, noAnswer } from '../api/api-problem.ts';
import { mayDo, type Scope, type Who } from '../model/who.ts';
import type { Connection } from './connection.ts';
import { earlyAnswer, sessionUrl } from './session-asked.ts';

export type SessionState =
  | { readonly is: 'unknown' }
  | { readonly is: 'in'; readonly who: Who }
  /** `never` since this page was opened, `over` by itself, `left` by signing out. */
  | { readonly is: 'out'; readonly since: 'never' | 'over' | 'left' };

export interface Session {
  readonly state: ReadonlySignal<SessionState>;
  /** Undefined while it is not known. */
  readonly who: ReadonlySignal<Who | undefined>;
  readonly admission: Admission;
  /** Resolves when the first answer is there, or failed to come. */
  readonly settled: Promise<void>;
  /** Whether it is worth offering; a signal is read. @param everywhere  it does not stop at a namespace */
  may(scope: Scope, everywhere?: boolean): boolean;
  /** @throws ApiProblem */
  signIn(key: string): Promise<void>;
  /** @throws ApiProblem */
  signOut(): Promise<void>;
  /** The server answered something. */
  heard(): void;
}

export function openSession({ heard, missed }: Pick<Connection, 'heard' | 'missed'>): Session {
  const state = signal<SessionState>({ is: 'unknown' });
  const who = computed(() => (state.value.is === 'in' ? state.value.who : undefined));
  // Pages of one browser share the cookie: what one does concerns the others.
  const others = new BroadcastChannel('tmws.session');
  let asking: Promise<void> | undefined;

  const call = async (init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(sessionUrl, { ...init, cache: 'no-store' }).catch(() => undefined);
    if (response === undefined) {
      missed();
      throw noAnswer();
    }
    heard();
    return response;
  };
  const look = async (): Promise<void> => {
    const response = (await earlyAnswer()) ?? (await call().catch(() => undefined));
    if (response?.ok === true) state.value = { is: 'in', who: await answerOf<Who>(response) };
    // 429: what the browser sent is not good either, and too many such came from this address.
    else if ((response?.status === 401 || response?.status === 429) && state.peek().is !== 'out')
      state.value = { is: 'out', since: state.peek().is === 'in' ? 'over' : 'never' };
  };
  const ask = (): Promise<void> => (asking ??= look().finally(() => (asking = undefined)));
  others.onmessage = () => void ask();
  const settled = ask();
  const csrf = (): string | undefined => who.peek()?.csrf;
  return {
    state,
    who,
    settled,
    admission: {
      async known() {
        await settled;
        return state.peek().is !== 'out';
      },
      async refused() {
        await ask();
        return state.peek().is === 'in';
      },
      broken() {
        if (who.peek()?.auth === 'on') void ask();
      },
      csrf,
    },
    may: (scope, everywhere) => mayDo(who.value, scope, everywhere),
    async signIn(key) {
      const headers = { 'content-type': 'application/json' };
      const response = await call({ method: 'POST', headers, body: JSON.stringify({ key }) });
      state.value = { is: 'in', who: await answerOf<Who>(response) };
      others.postMessage('in');
    },
    async signOut() {
      const end = () => call({ method: 'DELETE', headers: { 'x-tmws-csrf': csrf() ?? '' } });
      let response = await end();
      if (response.status === 401) {
        // It was over already, which is what is asked for; or another page has signed in anew since.
        await ask();
        if (state.peek().is === 'in') response = await end();
      }
      if (response.status !== 401) await answerOf(response);
      state.value = { is: 'out', since: 'left' };
      others.postMessage('out');
    },
    heard() {
      if (state.peek().is === 'unknown' && asking === undefined) void ask();
    },
  };
}

/** What is said of a sign-in that failed. @param words  of the key, where it was refused */
export function signInWords(error: unknown, words: string): string {
  const problem = ApiProblem.from(error);
  return problem.status === 401 ? words : `${problem.title}. ${problem.message}`;
}

/** Whether there is an audit, and it is theirs to read. */
export const readsAudit = ({ who, may }: Pick<Session, 'who' | 'may'>): boolean => who.value?.auth === 'on' && may('admin', true);
