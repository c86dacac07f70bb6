import { type AnyApi } from '../apis/api.ts';
import { apiVersions, unknownApiVersions } from '../apis/api-versions.ts';
import { MalformedRequest, Reader } from '../wire/reader.ts';
import { tags } from '../wire/schema.ts';
import { Writer } from '../wire/writer.ts';

export interface RequestHeader {
  readonly key: number;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

export interface ParsedRequest {
  readonly api: AnyApi;
  readonly header: RequestHeader;
  readonly body: unknown;
}

/** Answers any version of ApiVersions that we do not know, in version 0 (KIP-511). */
const apiVersionsRefused: AnyApi = { ...apiVersions, handle: () => unknownApiVersions };

/** @throws MalformedRequest on bytes that are no request, and on an API or a version we do not speak */
export function parseRequest(frame: Buffer, apis: readonly AnyApi[]): ParsedRequest {
  const from = new Reader(frame);
  const key = from.int16();
  const version = from.int16();
  const correlationId = from.int32();
  const api = apis.find((one) => one.key === key);
  if (api === undefined) throw new MalformedRequest(`a request of API ${key}, which this broker does not have`);
  const [first, last] = api.versions;
  if (version < first || version > last) {
    if (api !== apiVersions)
      throw new MalformedRequest(`${api.name} in version ${version}; this broker speaks ${first} to ${last}`);
    return { api: apiVersionsRefused, header: { key, version: 0, correlationId, clientId: null }, body: {} };
  }
  const header = { key, version, correlationId, clientId: from.string() };
  if (isFlexible(api, version)) tags.read(from, version);
  return { api, header, body: api.request.read(from, version) };
}

/** Whether the headers have tagged fields too. That of ApiVersions' answer never has (KIP-511). */
function isFlexible({ flexibleFrom = Infinity }: AnyApi, version: number): boolean {
  return version >= flexibleFrom;
}

/** The whole response with its length and correlation id, in chunks to be written in order. */
export function encodeResponse(api: AnyApi, header: RequestHeader, response: unknown): Buffer[] {
  const to = new Writer();
  if (isFlexible(api, header.version)) tags.write(to, null, header.version);
  api.response.write(to, response, header.version);
  const chunks = to.chunks();
  const head = Buffer.allocUnsafe(8);
  head.writeInt32BE(
    chunks.reduce((sum, chunk) => sum + chunk.length, 4),
    0,
  );
  head.writeInt32BE(header.correlationId, 4);
  return [head, ...chunks];
}
