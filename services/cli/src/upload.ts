import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from './failure.ts';

/** A file as it is sent. */
export interface Upload {
  readonly name: string;
  readonly body: Blob;
}

/** The file of that path, `-` for standard input, which is read to its end. @throws Failure `not_found` or `invalid` */
export async function openUpload(path: string, stdin: AsyncIterable<Uint8Array>): Promise<Upload> {
  if (path === '-') {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of stdin) chunks.push(Uint8Array.from(chunk));
    return { name: 'stdin', body: new Blob(chunks) };
  }
  try {
    return { name: basename(path), body: await openAsBlob(path) };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || /unable to open|not found/i.test(message);
    throw Failure.of(missing ? 'not_found' : 'invalid', `${path} cannot be read (${code || message})`);
  }
}
