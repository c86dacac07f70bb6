// No namespace sees another's data through any door: every GET of the API's document, every asking method of every gRPC service, and
// Alertmanager's API at both its addresses. What is added to them is asked here without anybody writing it down.
import { readFileSync } from 'node:fs';
import { anonymous, openGrpcClient, type TimelineService } from '@tmws/contracts';
import { otherNamespace, openTwoNamespaces, ownNamespace, type TwoNamespaces } from './two-namespaces.ts';

let fleet: TwoNamespaces;
beforeAll(async () => {
  fleet = await openTwoNamespaces();
}, 60_000);
afterAll(() => fleet[Symbol.asyncDispose]());

/** Long enough for a stream to begin. */
const listenMs = 400;

/** The id of b that a path or a field means by its name. */
function idFor(name: string, within: string): string {
  const words = `${within} ${name}`.toLowerCase();
  const known = ['step', 'silence', 'alert', 'fingerprint', 'import', 'operation'].findLast((word) => words.includes(word));
  return fleet.ids[known === 'fingerprint' ? 'alert' : (known ?? 'execution')] ?? '';
}

interface Heard {
  readonly what: string;
  readonly status: number | string;
  readonly text: string;
}

interface Door {
  readonly url: string;
  readonly accept: string;
}

async function httpSweep(key: string, doors: readonly Door[], headers: Record<string, string> = {}): Promise<Heard[]> {
  return await Promise.all(
    doors.map(async ({ url, accept }) => {
      const answer = await fleet.ask(key, url, { headers: { accept, ...headers }, signal: AbortSignal.timeout(20_000) });
      const pieces: Uint8Array[] = [];
      const reader = answer.body?.getReader();
      const live = answer.headers.get('content-type')?.includes('event-stream') === true;
      const stop = live ? setTimeout(() => void reader?.cancel(), listenMs) : undefined;
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
        pieces.push(piece.value as Uint8Array);
      clearTimeout(stop);
      return { what: `GET ${url} (${accept})`, status: answer.status, text: Buffer.concat(pieces).toString() };
    }),
  );
}

/** Every GET of the document, in every form it says it has. */
async function restDoors(): Promise<Door[]> {
  interface Operation {
    readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  }
  const document = (await (await fetch(`${fleet.http}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, { get?: Operation }>;
  };
  return Object.entries(document.paths).flatMap(([path, { get }]) => {
    if (get === undefined) return [];
    const named = path.replaceAll(/(\w+)\/\{(\w+)\}/g, (_, within: string, name: string) => `${within}/${idFor(name, within)}`);
    const forms = Object.keys(get.responses['200']?.content ?? {});
    return (forms.length === 0 ? ['*/*'] : forms).map((accept) => ({ url: `${fleet.http}${named}`, accept }));
  });
}

const alertmanagerDoors = (): Door[] =>
  [fleet.alertmanager, `${fleet.http}/alertmanager`].flatMap((base) =>
    ['status', 'receivers', 'silences', `silence/${fleet.ids.silence}`, 'alerts', 'alerts/groups'].map((path) => ({
      url: `${base}/api/v2/${path}`,
      accept: 'application/json',
    })),
  );

interface Method {
  readonly name: string;
  readonly localName: string;
  readonly methodKind: string;
  readonly input: {
    readonly fields: readonly { readonly localName: string; readonly fieldKind: string; readonly scalar?: number }[];
  };
}
type Service = typeof TimelineService & { readonly typeName: string; readonly methods: readonly Method[] };

async function services(): Promise<Service[]> {
  const { exports } = JSON.parse(readFileSync(new URL('../../../libs/contracts/package.json', import.meta.url), 'utf8')) as {
    exports: Record<string, string>;
  };
  const modules = await Promise.all(
    Object.keys(exports).map(async (path) => (await import(`@tmws/contracts${path.slice(1)}`)) as object),
  );
  const all = modules.flatMap((module) => Object.values(module) as unknown[]);
  const found = all.filter((one): one is Service => (one as { kind?: string } | undefined)?.kind === 'service');
  return [...new Set(found)].filter(({ typeName }) => typeName.startsWith('tmws.'));
}

const textScalar = 9;
const plain = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;

async function grpcSweep(key: string, namespace: string, patienceMs = listenMs): Promise<Heard[]> {
  const asked = (await services()).flatMap((service) => {
    const opened = openGrpcClient(service, () => fleet.grpc, { timeoutMs: 20_000, token: key });
    const client = opened as unknown as Record<string, (...given: unknown[]) => unknown>;
    const asking = service.methods.filter(
      ({ name, methodKind }) =>
        /^(Get|List|Watch|Summarize|Suggest|Export|Explain|Preview|Search|Query)/.test(name) && methodKind !== 'client_streaming',
    );
    const calls = asking.flatMap(({ name, localName, methodKind, input }) => {
      const texts = input.fields.filter(({ fieldKind, scalar }) => fieldKind === 'scalar' && (scalar as number) === textScalar);
      const named = texts.filter((field) => /(^|[a-z])(id|key|fingerprint)$/i.test(field.localName));
      const filled = Object.fromEntries(
        named.map((field) => [field.localName, idFor(field.localName, `${service.typeName} ${name}`)]),
      );
      return [{}, ...(named.length > 0 ? [filled] : [])].map(async (request): Promise<Heard> => {
        const options = {
          caller: anonymous(namespace, 'r'),
          signal: AbortSignal.timeout(methodKind === 'unary' ? 20_000 : patienceMs),
        };
        const pieces: unknown[] = [];
        let status = 'OK';
        try {
          const answer = client[localName]!(request, options);
          if (methodKind === 'unary') pieces.push(await answer);
          else for await (const piece of answer as AsyncIterable<unknown>) pieces.push(piece);
        } catch (error) {
          status = (error as { kind?: string }).kind ?? 'unknown';
          pieces.push((error as Error).message);
        }
        return { what: `${service.typeName}/${name} ${JSON.stringify(request)}`, status, text: JSON.stringify(pieces, plain) };
      });
    });
    return [Promise.all(calls).finally(() => opened.close())];
  });
  return (await Promise.all(asked)).flat();
}

const showing = (heard: readonly Heard[]): string[] =>
  heard.filter(({ text }) => text.includes(fleet.word)).map(({ what }) => what);

test('b finds its own at the doors, so that what a does not find is there', async () => {
  const rest = showing(await httpSweep(fleet.keys.b, await restDoors())).join('\n');
  expect(rest).toMatch(/\/executions \(application\/json\)[^]*\/timeline/);
  expect(showing(await grpcSweep(fleet.keys.b, otherNamespace)).join('\n')).toMatch(/GetTimeline|ListExecutions/);
  expect(showing(await httpSweep(fleet.keys.b, alertmanagerDoors())).length).toBeGreaterThanOrEqual(2 * 4);
});

test('a key of a finds nothing of b in its own namespace, whatever ids it knows', async () => {
  const rest = await httpSweep(fleet.keys.a, await restDoors());
  expect(rest.length).toBeGreaterThan(30);
  expect(rest.filter(({ status }) => status === 500)).toEqual([]);
  expect(
    showing([...rest, ...(await grpcSweep(fleet.keys.a, ownNamespace)), ...(await httpSweep(fleet.keys.a, alertmanagerDoors()))]),
  ).toEqual([]);
});

test('a key of a that names b is refused everywhere, by header and by query', async () => {
  const open = /\/(healthz|readyz|session|openapi\.json)$/;
  const guarded = [...(await restDoors()), ...alertmanagerDoors()].filter(({ url }) => !open.test(url));
  const byQuery = guarded.map((door) => ({ ...door, url: `${door.url}?namespace=${otherNamespace}` }));
  const byHeader = await httpSweep(fleet.keys.a, guarded, { 'x-tmws-namespace': otherNamespace });
  const heard = [...byHeader, ...(await httpSweep(fleet.keys.a, byQuery))];
  expect(heard.filter(({ status }) => status !== 403)).toEqual([]);
  const calls = await grpcSweep(fleet.keys.a, otherNamespace, 20_000);
  expect(calls.length).toBeGreaterThan(15);
  expect(calls.filter(({ status }) => status !== 'forbidden')).toEqual([]);
  expect(showing([...heard, ...calls])).toEqual([]);
});
