// What came of sending, said as a SinkAnswer: which failures another try may mend, and when. No address and no credential gets in.
import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { SinkAnswer } from '../ports.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The first 64 KiB. */
  readonly body: string;
  /** The body ended as it should, or was longer than is read. */
  readonly complete: boolean;
}

/** Why a message was not sent. Its text holds no secret. */
export class SinkFault extends Error {
  override readonly name = 'SinkFault';
  /** Another try would fail as well. */
  readonly permanent: boolean;

  constructor(message: string, permanent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.permanent = permanent;
  }
}

/** Runs what sends; whatever it throws becomes an answer. Errors that nobody foresaw are told by their code or name, as their text may hold an address. */
export async function answering(send: () => Promise<SinkAnswer>): Promise<SinkAnswer> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof SinkFault) return { sent: false, error: error.message, permanent: error.permanent };
    return { sent: false, error: `sending failed (${codeOf(error)})`, permanent: false };
  }
}

export const codeOf = (error: unknown): string => {
  if (!Error.isError(error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
};

const mostRetryAfterMs = 3_600_000;

/** Retry-After, RFC 9110 section 10.2.3: seconds or a date. At most an hour; undefined if it says nothing. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(mostRetryAfterMs, Math.max(0, ms));
}

const requestIds = ['x-request-id', 'request-id', 'x-slack-req-id', 'x-correlation-id', 'x-amzn-requestid', 'cf-ray'];

/** `200`, and the receiver's name for the request if it gave one: by it its operators find it. */
export function receiptOf({ status, headers }: HttpAnswer): string {
  const id = requestIds.map((name) => headers[name]).find((value) => value !== undefined);
  return typeof id === 'string' && /^[\w.:/+=-]{1,100}$/.test(id) ? `${status} ${id}` : String(status);
}

/** The answer to a status that is no success: 408, 429 and 5xx may pass, what else there is will not. */
export function refusal(who: string, { status, headers }: HttpAnswer, said: string, nowMs: number): SinkAnswer {
  const permanent = status < 500 && status !== 408 && status !== 429;
  const words = [String(status), STATUS_CODES[status]].filter(Boolean).join(' ');
  return {
    sent: false,
    permanent,
    error: `${who} answered ${words}${said === '' ? '' : `: ${said}`}`,
    retryAfterMs: permanent ? undefined : retryAfterMs(headers['retry-after'], nowMs),
    ...(status === 429 && { limited: true }),
  };
}
