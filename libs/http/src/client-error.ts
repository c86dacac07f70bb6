// What is no HTTP, or never becomes a whole request, meets no route: it is answered here, in the same words as everything else.
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { requestIdOf } from '@tmws/contracts';
import { Problem, problemDocument } from '@tmws/problems';

const known: Readonly<Record<string, readonly [status: number, problem: Problem]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, new Problem('timeout', 'the request did not arrive in time; send it at once')],
  HPE_HEADER_OVERFLOW: [431, new Problem('too_large', 'the headers must be at most 16 KiB; send less')],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, new Problem('too_large', 'the chunk extensions are too large; send none')],
};
const malformed = [400, new Problem('invalid', 'this is no HTTP request that can be read')] as const;

/** Answers a connection whose request could not be read, and ends it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Node's own handler looks here too: an answer that has begun cannot be followed by another.
  const underWay = (socket as Duplex & { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || underWay) {
    socket.destroy();
    return;
  }
  const [status, problem] = known[error.code ?? ''] ?? malformed;
  const title = STATUS_CODES[status] ?? '';
  const requestId = requestIdOf(undefined);
  const body = JSON.stringify({ ...problemDocument(problem, { requestId }), status, title });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'x-content-type-options: nosniff',
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
