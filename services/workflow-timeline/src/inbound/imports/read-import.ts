import { Problem } from '@tmws/problems';
import { cloudEvents } from './cloudevents/read-cloud-events.ts';
import { parseContent } from './content.ts';
import type { ImportedFile } from './imported.ts';
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
  const content = parseContent(bytes);
  const reader = readers.find(({ recognizes }) => recognizes(content.value));
  if (reader === undefined) {
    const known = readers.map(({ format, knownBy }) => `${format} (${knownBy})`).join(', ');
    throw new Problem('unsupported', `the file is of no format known here; looked for ${known}`);
  }
  const executions = reader.read(content, `${reader.format}-${contentSha256.slice(0, 16)}`);
  return { format: reader.format, executions };
}
