import { Problem } from '@tmws/problems';
import { cloudEvents } from './cloudevents/read-cloud-events.ts';
import { parseContent } from './content.ts';
import type { GrowingExecution, ImportedExecution, ImportedFile, ImportFormat } from './imported.ts';
import { jaeger } from './jaeger.ts';
import type { Reader } from './reader.ts';
import { temporal } from './temporal/read-temporal.ts';
import { wfFormat } from './wfformat/read-wfformat.ts';

/** In the order they are asked. */
const readers: readonly Reader[] = [wfFormat, temporal, jaeger, cloudEvents];

/**
 * Finds the format of a recorded file from its content and reads it whole. Pure: no I/O, no clock.
 *
 * @param contentSha256  of the bytes, hex; names what has no id of its own
 * @throws Problem `unsupported` for no known format; `invalid` that names the place, the value and the remedy; `too_large`
 */
export function readImport(bytes: Uint8Array, contentSha256: string): ImportedFile {
  const { format, executions } = beginImport(bytes, contentSha256);
  return { format, executions: executions.map((one) => ('tell' in one ? { id: one.id, facts: [...one.tell()] } : one)) };
}

/** A file that was read, as far as its format is read before its facts are asked for. */
export interface BegunFile {
  readonly format: ImportFormat;
  readonly executions: readonly (ImportedExecution | GrowingExecution)[];
}

/** The same, where what can be told step by step is not told yet. */
export function beginImport(bytes: Uint8Array, contentSha256: string): BegunFile {
  const content = parseContent(bytes);
  const reader = readers.find(({ recognizes }) => recognizes(content.value));
  if (reader === undefined) {
    const known = readers.map(({ format, knownBy }) => `${format} (${knownBy})`).join(', ');
    throw new Problem('unsupported', `the file is of no format known here; looked for ${known}`);
  }
  const executions = reader.read(content, `${reader.format}-${contentSha256.slice(0, 16)}`);
  return { format: reader.format, executions };
}
