// The gateway's REST API as this page calls it: JSON in, JSON out, problems as errors, the namespace on every call.

import type { ReadonlySignal } from '@preact/signals';
import { answerOf, ApiProblem, noAnswer } from './api-problem.ts';
import { apiUrl, type Query } from './url.ts';
import { type LiveStream, type LiveStreamOptions, openLiveStream } from './live-stream.ts';

export { ApiProblem } from './api-problem.ts';

export interface Api {
  readonly namespace: string;
  /** The answer's JSON. Throws an ApiProblem; an aborted call throws what `signal` was aborted with. */
  get<Answer>(path: string, query?: Query, signal?: AbortSignal, accept?: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  delete<Answer>(path: string): Promise<Answer>;
  /** The answer as it comes, whatever its status: for one that takes its time. */
  open(path: string, body: unknown, signal: AbortSignal): Promise<Response>;
  /** Sends a file as it is. */
  upload<Answer>(path: string, query: Query, file: Blob): Promise<Answer>;
  /** Where an answer or a picture lies, from `/api/v1/` on. A `namespace` in the query stands for that of the page; empty, for none. */
  urlOf(path: string, query?: Query): string;
  /** Follows an event stream that takes `since`. It rests while the page is paused or not seen. */
  follow(options: FollowOptions): LiveStream;
}

export type FollowOptions = Omit<LiveStreamOptions, 'url' | 'paused' | 'onFresh' | 'onBroken'> & { path: string; query?: Query };

/** What hears how the server is, and says whether streams are wanted. */
export interface Listener {
  /** It answered, whatever it said. */
  heard(): void;
  /** No answer came. */
  missed(): void;
  /** What a stream shows is as the server has it now. */
  fresh(): void;
  /** Streams rest while it is set. */
  readonly paused: ReadonlySignal<boolean>;
  readonly admission: Admission;
}

/** Whether calls are let in, as far as this page knows. */
export interface Admission {
  /** Resolves once it is known. False: nobody is signed in, a call would only be refused. */
  known(): Promise<boolean>;
  /** A call was refused as nobody's. @returns whether it was somebody's nevertheless, so that it may be tried again */
  refused(): Promise<boolean>;
  /** A stream broke, maybe because the session is over. */
  broken(): void;
  /** What proves that a call that changes something comes from this page. Undefined while nobody asks for it. */
  csrf(): string | undefined;
}

/** @param namespace  empty for the server's default */
export function createApi(namespace: string, listener: Listener): Api {
  const urlOf = (path: string, query: Query = {}): string => apiUrl(path, { namespace, ...query });
  return {
    namespace,
    urlOf,
    get: (path, query, signal, accept) =>
      call(urlOf(path, query), { signal: signal ?? null, ...(accept !== undefined && { headers: { accept } }) }, listener),
    post: (path, body) => call(urlOf(path), { method: 'POST', headers: json, body: JSON.stringify(body) }, listener),
    put: (path, body) => call(urlOf(path), { method: 'PUT', headers: json, body: JSON.stringify(body) }, listener),
    open: (path, body, signal) =>
      admitted(urlOf(path), { method: 'POST', headers: json, body: JSON.stringify(body), signal }, listener),
    delete: (path) => call(urlOf(path), { method: 'DELETE' }, listener),
    upload: (path, query, file) => call(urlOf(path, query), { method: 'POST', headers: bytes, body: file }, listener),
    follow: ({ path, query, ...options }) =>
      openLiveStream({
        ...options,
        url: (since) => urlOf(path, { ...query, since }),
        paused: listener.paused,
        onFresh: listener.fresh,
        onBroken: listener.admission.broken,
      }),
  };
}

const json = { 'content-type': 'application/json' };
const bytes = { 'content-type': 'application/octet-stream' };

async function call<Answer>(url: string, init: RequestInit, listener: Listener): Promise<Answer> {
  return await answerOf(await admitted(url, init, listener));
}

async function admitted(url: string, init: RequestInit, listener: Listener): Promise<Response> {
  const { admission } = listener;
  if (!(await admission.known())) throw new ApiProblem(401, 'Sign in first', 'Nobody is signed in.');
  init.signal?.throwIfAborted();
  const response = await send(url, init, listener);
  // Another page may have signed in anew since: then this one has to know the new session first.
  const again = response.status === 401 && (await admission.refused());
  return again ? await send(url, init, listener) : response;
}

async function send(url: string, init: RequestInit, { admission, heard, missed }: Listener): Promise<Response> {
  const csrf = init.method === undefined ? undefined : admission.csrf();
  const headers = { ...(init.headers as Record<string, string>), ...(csrf !== undefined && { 'x-tmws-csrf': csrf }) };
  const response = await fetch(url, { ...init, headers, cache: 'no-store' }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    missed();
    throw noAnswer();
  });
  heard();
  return response;
}

/** The path of an execution, below `/api/v1/`. Ids may hold any characters. */
export const executionPath = (id: string, rest = ''): string => `executions/${encodeURIComponent(id)}${rest}`;
