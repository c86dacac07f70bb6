import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Request, Response } from '@tmws/http';

const compress = promisify(gzip);
const worthIt = 1024;
// Columns are digits with little that repeats: for those zlib has a strategy of its own.
const filtered = { level: 4, strategy: constants.Z_FILTERED, memLevel: 7 };

/** The tag of the content the client has, if it has one of this form. */
export function knownTag(request: Request, form: string): string {
  const given = request.get('if-none-match') ?? '';
  return (
    given
      .split(',')
      .map((each) => /^(?:W\/)?"([\w.-]+):([\w.-]+)"$/.exec(each.trim()))
      .find((parts) => parts?.[1] === formOf(request, form))?.[2] ?? ''
  );
}

/**
 * Answers a text, compressed if the client takes that. Content with a tag may be kept by the client, who asks each time whether
 * it is still right (RFC 9111, `no-cache`).
 */
export async function answerText(request: Request, response: Response, form: string, tag: string, text: string): Promise<void> {
  allowKeeping(request, response, form, tag);
  response.vary('accept-encoding');
  if (text.length < worthIt || request.acceptsEncodings('gzip') === false) {
    response.send(text);
    return;
  }
  const body = await compress(text, filtered);
  response.set('content-encoding', 'gzip').send(body);
}

/** Answers that what the client has is right (304). */
export function answerUnchanged(request: Request, response: Response, form: string, tag: string): void {
  allowKeeping(request, response, form, tag);
  response.status(304).end();
}

function allowKeeping(request: Request, response: Response, form: string, tag: string): void {
  response.vary('x-tmws-namespace');
  if (tag === '') return;
  // Weak: the same content compressed is as good.
  response.set({ etag: `W/"${formOf(request, form)}:${tag}"`, 'cache-control': 'private, no-cache' });
}

/** The form of an answer and the parameters it was made for. */
function formOf(request: Request, form: string): string {
  const query = Object.entries(request.query as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${form}-${createHash('sha256').update(JSON.stringify(query)).digest('hex').slice(0, 12)}`;
}
