import { isUtf8 } from 'node:buffer';
import { Problem } from '@tmws/problems';
import { type CloudEvent, cloudEventOf } from './cloud-event.ts';

/**
 * An event in the JSON format (CloudEvents JSON Event Format 1.0.2): attributes beside `data` or `data_base64`.
 *
 * @throws Problem `invalid`
 */
export function fromStructured(event: unknown, receivedNs: bigint): CloudEvent {
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    throw new Problem('invalid', 'a CloudEvent must be a JSON object');
  const { data, data_base64: base64, ...rest } = event as Record<string, unknown>;
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new Problem('invalid', `the CloudEvents attribute ${name.slice(0, 80)} must be a text`, { field: name.slice(0, 80) });
    attributes[name] = String(value);
  }
  return cloudEventOf(attributes, dataOf(data, base64), receivedNs);
}

const maxDepth = 256;

/** UTF-8 text of JSON as a value, nested at most 256 deep. @throws Problem `invalid` */
export function parseJson(bytes: Buffer, what: string, field?: string): unknown {
  const about = field === undefined ? {} : { field };
  if (!isUtf8(bytes)) throw new Problem('invalid', `${what} is not JSON: it is not UTF-8`, about);
  // What is nested has to end as well.
  if (bytes.length > 2 * maxDepth && isDeeper(bytes, maxDepth))
    throw new Problem('invalid', `${what} is nested more than ${maxDepth} deep`, about);
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new Problem('invalid', `${what} is not JSON: ${(error as Error).message}`, { ...about, cause: error });
  }
}

/** Whether brackets outside of texts are nested deeper. One pass, whatever the bytes are. */
function isDeeper(bytes: Buffer, limit: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

function dataOf(data: unknown, base64: unknown): Buffer {
  if (base64 === undefined || base64 === null) return data === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(data));
  if (data !== undefined) throw new Problem('invalid', 'data and data_base64 are both there; keep one', { field: 'data_base64' });
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw new Problem('invalid', 'data_base64 must be a text in base64', { field: 'data_base64' });
  return Buffer.from(base64, 'base64');
}
