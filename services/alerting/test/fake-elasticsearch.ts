// Elasticsearch's _bulk on a real socket, as its documentation has it: what breaks its rules is kept as a violation, and ends the test with an error.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';

/** What happens to a request in place of the usual. `lost`: it is done, and the connection breaks before the answer. */
export type BulkFault = 'lost' | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };
/** What a document is refused with. */
export interface ItemFault {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

type Document = Readonly<Record<string, unknown>>;

export interface FakeElasticsearch extends AsyncDisposable {
  readonly url: string;
  /** By index and id. */
  readonly documents: Map<string, Document>;
  /** Path and query of each request, and how many documents it had. */
  readonly requests: string[];
  readonly authorizations: (string | undefined)[];
  next(...faults: BulkFault[]): void;
  /** Of the document with this id the next time, in turn. */
  nextOf(id: string, ...faults: ItemFault[]): void;
}

/** @param mostBytes  larger requests are 413 */
export async function startFakeElasticsearch({ mostBytes = Infinity } = {}): Promise<FakeElasticsearch> {
  const documents = new Map<string, Document>();
  const violations: string[] = [];
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const faults: BulkFault[] = [];
  const itemFaults = new Map<string, ItemFault[]>();

  const bulk = (body: string): unknown => {
    const lines = body.split('\n');
    if (lines.pop() !== '') violations.push('the body does not end with a newline');
    const items: unknown[] = [];
    for (let at = 0; at < lines.length; at += 2) {
      const action = JSON.parse(lines[at] ?? '') as { create?: { _index?: string; _id?: string } };
      const document = JSON.parse(lines[at + 1] ?? '') as Document;
      const { _index = '', _id = '' } = action.create ?? {};
      if (Object.keys(action).join() !== 'create' || _index === '' || _id === '' || Buffer.byteLength(_id) > 512)
        violations.push(`no create with _index and _id: ${lines[at] ?? ''}`);
      if (/[A-Z\\/*?"<>| ,#]/.test(_index)) violations.push(`no name of an index: ${_index}`);
      checkEcs(document, violations);
      items.push({ create: { _index, _id, ...create(_index, _id, document) } });
    }
    requests.push(`${requests.pop() ?? ''} ${items.length}`);
    return { took: 3, errors: items.some((item) => (item as { create: { status: number } }).create.status >= 300), items };
  };
  const create = (index: string, id: string, document: Document): Record<string, unknown> => {
    const fault = itemFaults.get(id)?.shift();
    if (fault !== undefined) return { status: fault.status, error: { type: fault.type, reason: fault.reason } };
    const key = `${index}/${id}`;
    if (documents.has(key)) {
      const reason = `[${id}]: version conflict, document already exists (current version [1])`;
      return { status: 409, error: { type: 'version_conflict_engine_exception', reason } };
    }
    documents.set(key, document);
    return {
      _version: 1,
      result: 'created',
      _shards: { total: 2, successful: 1, failed: 0 },
      _seq_no: 0,
      _primary_term: 1,
      status: 201,
    };
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    requests.push(request.url ?? '');
    authorizations.push(request.headers.authorization);
    if (request.method !== 'POST' || !/\/_bulk(?:\?|$)/.test(request.url ?? ''))
      violations.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (request.headers['content-type'] !== 'application/x-ndjson')
      violations.push(`content type ${request.headers['content-type'] ?? ''}`);
    const fault = faults.shift();
    const send = (status: number, text: string, headers: Record<string, string> = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    if (typeof fault === 'object') return send(fault.status, fault.body ?? '', fault.headers);
    if (Buffer.byteLength(body) > mostBytes) return send(413, '');
    const answer = JSON.stringify(bulk(body));
    if (fault === 'lost') request.socket.destroy();
    else send(200, answer);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      violations.push(String(error));
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    documents,
    requests,
    authorizations,
    next: (...some) => faults.push(...some),
    nextOf: (id, ...some) => itemFaults.set(id, some),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (violations.length > 0) throw new Error(`Elasticsearch would not have taken: ${violations.join('; ')}`);
    },
  };
}

/** What a mapping of ECS would refuse: a time that is none, an address that is none, a key with a dot within an object. */
function checkEcs(document: Document, violations: string[]): void {
  const {
    '@timestamp': at,
    ecs,
    source,
    labels,
  } = document as {
    '@timestamp'?: string;
    ecs?: { version?: string };
    source?: { ip?: string };
    labels?: Record<string, unknown>;
  };
  if (Number.isNaN(Date.parse(at ?? '')) || ecs?.version === undefined) violations.push('no @timestamp or no ecs.version');
  if (source?.ip !== undefined && isIP(source.ip) === 0) violations.push(`source.ip ${source.ip}`);
  for (const [key, value] of Object.entries(labels ?? {}))
    if (key.includes('.') || typeof value !== 'string') violations.push(`labels.${key}`);
}
