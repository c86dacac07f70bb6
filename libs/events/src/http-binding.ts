import { Problem } from '@tmws/problems';
import { type CloudEvent, cloudEventOf } from './cloud-event.ts';
import { fromStructured, parseJson } from './structured.ts';

/** What one request held: events in their order, those that are none as the reason why. */
export interface HttpEvents {
  readonly batch: boolean;
  readonly events: readonly (CloudEvent | Problem)[];
}

const maxBatch = 10_000;

/**
 * Events of an HTTP request (CloudEvents HTTP binding 1.0.2): binary, structured or batched, told by the content type.
 *
 * @param headers  by lower-case name
 * @throws Problem `invalid` or `unsupported` when the request as a whole holds no events
 */
export function fromHttp(headers: Readonly<Record<string, string | undefined>>, body: Buffer, receivedNs: bigint): HttpEvents {
  const contentType = headers['content-type'] ?? '';
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/cloudevents-batch+json') {
    const items = parseJson(body, 'the body');
    if (!Array.isArray(items)) throw new Problem('invalid', 'a batch must be a JSON array of CloudEvents');
    if (items.length > maxBatch)
      throw new Problem('too_large', `a batch holds at most ${maxBatch} events (got ${items.length}); send several`);
    return { batch: true, events: items.map((item) => orProblem(() => fromStructured(item, receivedNs))) };
  }
  if (mediaType === 'application/cloudevents+json') return single(() => fromStructured(parseJson(body, 'the body'), receivedNs));
  if (mediaType.startsWith('application/cloudevents')) {
    throw new Problem(
      'unsupported',
      `${mediaType} is not read here; use application/cloudevents+json or application/cloudevents-batch+json`,
    );
  }
  if (headers['ce-specversion'] === undefined) {
    throw new Problem(
      'unsupported',
      'this is no CloudEvent: send application/cloudevents+json, application/cloudevents-batch+json, or the headers ce-specversion, ce-id, ce-source and ce-type',
    );
  }
  const attributes: Record<string, string | undefined> = { datacontenttype: contentType || undefined };
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && value !== undefined) attributes[name.slice(3)] = percentDecoded(value);
  }
  return single(() => cloudEventOf(attributes, body, receivedNs));
}

function single(read: () => CloudEvent): HttpEvents {
  return { batch: false, events: [orProblem(read)] };
}

function orProblem(read: () => CloudEvent): CloudEvent | Problem {
  try {
    return read();
  } catch (error) {
    return Problem.from(error);
  }
}

// Header values carry other than printable ASCII percent-encoded (binding, 3.1.3.2).
function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
