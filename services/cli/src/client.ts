import type { ProblemDocument } from '@tmws/problems';
import { Failure } from './failure.ts';
import { jsonLines } from './json-lines.ts';

/** Several values: the parameter as often. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The gateway's REST API. Every method throws a Failure: the server's problem, or that no server answered. */
export interface Client {
  /** `http://127.0.0.1:8080`, without a slash at the end. */
  readonly baseUrl: string;
  get<T>(path: string, query?: Query): Promise<T>;
  /** A text that is no JSON: a drawing. */
  getText(path: string, query?: Query): Promise<string>;
  post<T>(path: string, body: unknown, contentType?: string): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** Posts a file as it is. Its time limit is for the answer of as large a file, too. */
  upload<T>(path: string, query: Query, body: Blob): Promise<T>;
  /** What an answer without a body is. */
  delete(path: string, query?: Query): Promise<void>;
  /** The lines of an `application/jsonl` answer, as they come. Its time limit is for the silence between two. */
  postLines<T>(path: string, body: unknown): AsyncGenerator<T>;
  /** An answer that is a file, as it comes. Its time limit is for the silence between two pieces. */
  getPieces(path: string, query?: Query): AsyncGenerator<string>;
  /** The console's page of an execution. */
  pageOf(executionId: string): string;
}

export interface ClientOptions {
  readonly baseUrl: string;
  /** Undefined: the server's default. */
  readonly namespace: string | undefined;
  readonly timeoutMs: number;
  /** Shown to the server; undefined: nothing is. */
  readonly apiKey?: string | undefined;
}

export function openClient({ baseUrl, namespace, timeoutMs, apiKey }: ClientOptions): Client {
  if (namespace !== undefined && !/^[\x21-\x7e]+$/.test(namespace)) {
    throw Failure.of('invalid', `--namespace must be printable ASCII without spaces (got ${JSON.stringify(namespace)})`);
  }
  const ask = async (path: string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('accept', 'application/json, application/jsonl, application/problem+json');
    if (namespace !== undefined) headers.set('x-tmws-namespace', namespace);
    if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey}`);
    const response = await fetch(`${baseUrl}${path}`, { ...init, headers, signal });
    if (!response.ok) throw await failureOf(response, baseUrl);
    return response;
  };
  const answerAs = async <T>(
    type: RegExp,
    read: (response: Response) => Promise<T>,
    path: string,
    init: RequestInit,
    limitMs = timeoutMs,
  ): Promise<T> => {
    try {
      const response = await ask(path, init, AbortSignal.timeout(limitMs));
      if (!type.test(response.headers.get('content-type') ?? '')) throw noTmws(baseUrl, response);
      return await read(response);
    } catch (error) {
      throw unreachable(error, baseUrl, timeoutMs);
    }
  };
  const answer = <T>(path: string, init: RequestInit, limitMs?: number): Promise<T> =>
    answerAs(/[/+]json/, async (response) => (await response.json()) as T, path, init, limitMs);
  const sending = (method: 'POST' | 'PUT', body: unknown, contentType: string): RequestInit => ({
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': contentType },
  });

  return {
    baseUrl,
    get: (path, query) => answer(withQuery(path, query), {}),
    getText: (path, query) =>
      answerAs(/^text\/(?:plain|vnd\.graphviz)|^image\/svg\+xml/, (response) => response.text(), withQuery(path, query), {}),
    post: (path, body, contentType = 'application/json') => answer(path, sending('POST', body, contentType)),
    put: (path, body) => answer(path, sending('PUT', body, 'application/json')),
    upload: (path, query, body) =>
      answer(withQuery(path, query), { method: 'POST', body }, timeoutMs + Math.ceil(body.size / leastBytesPerMs)),
    async delete(path, query) {
      try {
        await ask(withQuery(path, query), { method: 'DELETE' }, AbortSignal.timeout(timeoutMs));
      } catch (error) {
        throw unreachable(error, baseUrl, timeoutMs);
      }
    },
    async *postLines(path, body) {
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(new DOMException('silent', 'TimeoutError')), timeoutMs);
      try {
        const response = await ask(path, sending('POST', body, 'application/json'), silence.signal);
        yield* jsonLines(response.body ?? [], () => timer.refresh());
      } catch (error) {
        throw unreachable(error, baseUrl, timeoutMs);
      } finally {
        clearTimeout(timer);
      }
    },
    async *getPieces(path, query) {
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(new DOMException('silent', 'TimeoutError')), timeoutMs);
      try {
        const { body } = await ask(withQuery(path, query), {}, silence.signal);
        const decoder = new TextDecoder();
        for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
          timer.refresh();
          yield decoder.decode(bytes, { stream: true });
        }
        yield decoder.decode();
      } catch (error) {
        throw unreachable(error, baseUrl, timeoutMs);
      } finally {
        clearTimeout(timer);
      }
    },
    pageOf: (id) =>
      `${baseUrl}/executions/${encodeURIComponent(id)}${namespace === undefined ? '' : `?namespace=${encodeURIComponent(namespace)}`}`,
  };
}

function withQuery(path: string, query: Query = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'object') for (const each of value) given.append(name, each);
    else if (value !== undefined) given.set(name, String(value));
  }
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

// A megabyte a second.
const leastBytesPerMs = 1000;

async function failureOf(response: Response, baseUrl: string): Promise<Failure> {
  const body = await response.text();
  const retryAfter = response.headers.get('retry-after');
  const hint = response.status === 401 ? keyHint : retryAfter === null ? undefined : `try again in ${retryAfter} s`;
  try {
    const problem = JSON.parse(body) as ProblemDocument;
    if (typeof problem.detail === 'string' && typeof problem.kind === 'string') return new Failure(problem, hint);
  } catch {
    // Not a problem document: whoever answered is not TMWS.
  }
  return noTmws(baseUrl, response);
}

function noTmws(baseUrl: string, response: Response): Failure {
  const type = response.headers.get('content-type') ?? 'no content type';
  return Failure.of(
    'unavailable',
    `${baseUrl} answers, but not as TMWS does (${response.status}, ${type})`,
    'say where TMWS is with --server or TMWS_SERVER',
  );
}

/** Whatever fetch throws, as a failure; ours stay. */
function unreachable(error: unknown, baseUrl: string, timeoutMs: number): unknown {
  if (error instanceof Failure) return error;
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError')
    return Failure.of('timeout', `${baseUrl} did not answer within ${timeoutMs / 1000} s`, '--timeout gives it longer');
  if (name === 'TypeError' || name === 'SyntaxError' || typeof cause?.code === 'string') {
    const why = cause?.code ?? (Error.isError(error) ? error.message : '');
    return Failure.of('unavailable', `no TMWS answers at ${baseUrl} (${why})`, startHint);
  }
  return error;
}

const keyHint = 'set TMWS_API_KEY, or name a file with --api-key-file';

const startHint =
  'start one with `tmws up` (in a checkout: `npx -y pnpm@10 start`), or say where it is with --server or TMWS_SERVER';
