// One HTTP request, as it is, and all of its answer.
import { type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** undefined where the body is no JSON. */
  readonly json: unknown;
}

/** A body that is no text or bytes is sent as JSON. */
export function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const sent = body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const type = sent === undefined ? {} : { 'content-type': 'application/json' };
    const out = request(`${url}${path}`, { method, headers: { ...type, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: parsed(text) });
      });
    });
    out.on('error', reject);
    out.end(sent);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Headers of a namespace of its own, so that tests do not meet. */
export const ownNamespace = (): Record<string, string> => ({ 'x-tmws-namespace': `n${Math.random().toString(36).slice(2, 10)}` });

export const idOfSilence = ({ json }: Answer): string => (json as { silenceID: string }).silenceID;
