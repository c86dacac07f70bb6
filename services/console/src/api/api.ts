// The gateway's REST API as this page calls it: JSON in, JSON out, problems as errors, the namespace on every call.

/** What an answer that is not 2xx said (RFC 9457), or that there was none. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly title: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly requestId: string;

  constructor(status: number, title: string, detail: string, requestId = '') {
    super(detail);
    this.status = status;
    this.title = title;
    this.requestId = requestId;
  }

  /** Any error as one that can be shown. */
  static from(error: unknown): ApiProblem {
    if (error instanceof ApiProblem) return error;
    return new ApiProblem(0, 'This page has a fault', error instanceof Error ? error.message : String(error));
  }
}

type Query = Readonly<Record<string, string | undefined>>;

export interface Api {
  readonly namespace: string;
  /** The answer's JSON. Throws an ApiProblem; an aborted call throws what `signal` was aborted with. */
  get<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  /** Where an event stream lies. */
  urlOf(path: string, query?: Query): string;
}

/** @param namespace  empty for the server's default */
export function createApi(namespace: string): Api {
  const urlOf = (path: string, query: Query = {}): string => {
    const search = new URLSearchParams();
    const parameters: Query = { ...query, namespace };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined && value !== '') search.set(name, value);
    }
    return `/api/v1/${path}${search.size > 0 ? `?${search.toString()}` : ''}`;
  };
  return {
    namespace,
    urlOf,
    get: (path, query, signal) => call(urlOf(path, query), { signal: signal ?? null }),
    post: (path, body) =>
      call(urlOf(path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  };
}

async function call<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, cache: 'no-store' }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new ApiProblem(0, 'TMWS does not answer', 'No connection to the server this page came from. Is it running?');
  });
  if (response.ok) return (await response.json()) as Answer;
  const requestId = response.headers.get('x-request-id') ?? '';
  const said = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  const title = said.title ?? `The server answered ${response.status}`;
  throw new ApiProblem(response.status, title, said.detail ?? response.statusText, requestId);
}

/** The path of an execution, below `/api/v1/`. Ids may hold any characters. */
export const executionPath = (id: string, rest = ''): string => `executions/${encodeURIComponent(id)}${rest}`;
