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

/** No answer came: the server is away, or the network. */
export function noAnswer(): ApiProblem {
  return new ApiProblem(0, 'TMWS does not answer', 'No connection to the server this page came from. Is it running?');
}

/** The answer's JSON; undefined of one without a body. @throws ApiProblem unless it is 2xx */
export async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (response.status === 204) return undefined as Answer;
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
