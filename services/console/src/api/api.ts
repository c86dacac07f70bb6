// The gateway's REST API as this page calls it: JSON in, JSON out, problems as errors, the namespace on every call.

import type { ReadonlySignal } from '@preact/signals';
import { apiUrl, type Query } from './url.ts';
import { type LiveStream, type LiveStreamOptions, openLiveStream } from './live-stream.ts';

/** What an answer that is not 2xx said (RFC 9457), or that there was none. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly title: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly requestId: string;
  /** Where in the parameter it lies, in UTF-16 units. */
  readonly position: { readonly start: number; readonly end: number } | undefined;

  constructor(status: number, title: string, detail: string, requestId = '', position?: { start: number; end: number }) {
    super(detail);
    this.status = status;
    this.title = title;
    this.requestId = requestId;
    this.position = position;
  }

  /** Any error as one that can be shown. */
  static from(error: unknown): ApiProblem {
    if (error instanceof ApiProblem) return error;
    return new ApiProblem(0, 'This page has a fault', error instanceof Error ? error.message : String(error));
  }
}

export interface Api {
  readonly namespace: string;
  /** The answer's JSON. Throws an ApiProblem; an aborted call throws what `signal` was aborted with. */
  get<Answer>(path: string, query?: Query, signal?: AbortSignal, accept?: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  /** Sends a file as it is. */
  upload<Answer>(path: string, query: Query, file: Blob): Promise<Answer>;
  /** Where an answer or a picture lies, from `/api/v1/` on. */
  urlOf(path: string, query?: Query): string;
  /** Follows an event stream that takes `since`. It rests while the page is paused or not seen. */
  follow(options: FollowOptions): LiveStream;
}

export type FollowOptions = Omit<LiveStreamOptions, 'url' | 'paused' | 'onFresh'> & { path: string; query?: Query };

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
}

/** @param namespace  empty for the server's default */
export function createApi(namespace: string, listener: Listener): Api {
  const urlOf = (path: string, query: Query = {}): string => apiUrl(path, { ...query, namespace });
  return {
    namespace,
    urlOf,
    get: (path, query, signal, accept) =>
      call(urlOf(path, query), { signal: signal ?? null, ...(accept !== undefined && { headers: { accept } }) }, listener),
    post: (path, body) => call(urlOf(path), { method: 'POST', headers: json, body: JSON.stringify(body) }, listener),
    upload: (path, query, file) => call(urlOf(path, query), { method: 'POST', headers: bytes, body: file }, listener),
    follow: ({ path, query, ...options }) =>
      openLiveStream({
        ...options,
        url: (since) => urlOf(path, { ...query, since }),
        paused: listener.paused,
        onFresh: listener.fresh,
      }),
  };
}

const json = { 'content-type': 'application/json' };
const bytes = { 'content-type': 'application/octet-stream' };

async function call<Answer>(url: string, init: RequestInit, listener: Listener): Promise<Answer> {
  const response = await fetch(url, { ...init, cache: 'no-store' }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    listener.missed();
    throw new ApiProblem(0, 'TMWS does not answer', 'No connection to the server this page came from. Is it running?');
  });
  listener.heard();
  if (response.ok) return (await response.json()) as Answer;
  const requestId = response.headers.get('x-request-id') ?? '';
  const said = (await response.json().catch(() => ({}))) as {
    title?: string;
    detail?: string;
    position?: { start: number; end: number };
  };
  const title = said.title ?? `The server answered ${response.status}`;
  throw new ApiProblem(response.status, title, said.detail ?? response.statusText, requestId, said.position);
}

/** The path of an execution, below `/api/v1/`. Ids may hold any characters. */
export const executionPath = (id: string, rest = ''): string => `executions/${encodeURIComponent(id)}${rest}`;
