// The bytes of a recorded file as a value: gzip or not, one JSON value, or lines of which each is one.
import { gunzipSync } from 'node:zlib';
import { parseJson } from '@tmws/events';
import { Problem } from '@tmws/problems';
import { isObject } from './json.ts';

/** What a file holds. */
export interface Content {
  /** The JSON value; of a file of events a line, the list of them. */
  readonly value: unknown;
  /** Of a file of lines, the number of each value's line, from 1. */
  readonly lines?: readonly number[];
}

const mebibyte = 1024 * 1024;

/**
 * Parses a file, which may be compressed by gzip and may begin with a byte order mark. Of several lines with a value each,
 * only CloudEvents are read.
 *
 * @param maxBytes  of the text; what expands to more is not expanded further
 * @throws Problem `too_large` beyond `maxBytes`, compressed or not; `invalid` or `unsupported` for what holds no JSON
 */
export function parseContent(bytes: Uint8Array, maxBytes = 256 * mebibyte): Content {
  const text = withoutMark(uncompressed(bytes, maxBytes));
  const from = text.findIndex((byte) => !isSpace(byte));
  if (from === -1) throw new Problem('invalid', 'the file is empty; send a recording');
  if (text[from] !== 0x7b && text[from] !== 0x5b) {
    throw new Problem(
      'unsupported',
      'the file holds no JSON object or list; JSON and lines of JSON are read here, also compressed by gzip',
    );
  }
  const { line, next } = lineAt(text, from);
  if (text[from] === 0x7b && hasMore(text, next)) {
    const first = orUndefined(() => parseJson(line, 'the first line'));
    if (isObject(first) && 'specversion' in first) return linesOf(text);
  }
  return { value: parseJson(text, 'the file') };
}

function uncompressed(bytes: Uint8Array, maxBytes: number): Buffer {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (given.length > maxBytes) throw tooLarge(maxBytes);
  if (given[0] !== 0x1f || given[1] !== 0x8b) return given;
  try {
    return gunzipSync(given, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new Problem('invalid', `the file begins like gzip but cannot be uncompressed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('too_large', `a recording may have at most ${maxBytes / mebibyte} MiB, uncompressed; split it`);
}

function withoutMark(text: Buffer): Buffer {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? text.subarray(3) : text;
}

function linesOf(text: Buffer): Content {
  const values: unknown[] = [];
  const lines: number[] = [];
  for (let from = 0, number = 1; from < text.length; number++) {
    const { line, next } = lineAt(text, from);
    from = next;
    if (line.every(isSpace)) continue;
    values.push(parseJson(line, `line ${number}`, `line ${number}`));
    lines.push(number);
  }
  return { value: values, lines };
}

function lineAt(text: Buffer, from: number): { line: Buffer; next: number } {
  const end = text.indexOf(0x0a, from);
  return end === -1 ? { line: text.subarray(from), next: text.length } : { line: text.subarray(from, end), next: end + 1 };
}

function hasMore(text: Buffer, from: number): boolean {
  return !text.subarray(from).every(isSpace);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
