import { Problem } from '@tmws/problems';
import type { ImportedFile } from './imported.ts';

/**
 * Finds the format of a recorded file from its content and reads it whole. Pure: no I/O, no clock.
 *
 * @param contentSha256  of the bytes, hex; names what has no id of its own
 * @throws Problem `unsupported` for no known format, or `invalid` that names the place, the value and the remedy
 */
export function readImport(bytes: Uint8Array, contentSha256: string): ImportedFile {
  throw new Problem('unsupported', `no format is known for the ${bytes.length} bytes ${contentSha256}`);
}
