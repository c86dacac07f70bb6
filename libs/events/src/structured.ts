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
    if (value === null || value === undefined) continue;
    if (typeof value === 'object')
      throw new Problem('invalid', `the CloudEvents attribute ${name.slice(0, 80)} must be a text`, { field: name.slice(0, 80) });
    attributes[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return cloudEventOf(attributes, dataOf(data, base64), receivedNs);
}

/** Text of JSON as a value. @throws Problem `invalid` */
export function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new Problem('invalid', `${what} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function dataOf(data: unknown, base64: unknown): Buffer {
  if (base64 === undefined || base64 === null) return data === undefined ? Buffer.alloc(0) : jsonBytes(data);
  if (typeof base64 !== 'string') throw new Problem('invalid', 'data_base64 must be a text in base64', { field: 'data_base64' });
  return Buffer.from(base64, 'base64');
}

function jsonBytes(data: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(data));
  } catch (error) {
    // What JSON.parse could read, JSON.stringify may not: it goes down the levels by recursion.
    throw new Problem('invalid', 'data is nested too deeply', { field: 'data', cause: error });
  }
}
