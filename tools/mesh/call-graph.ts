// Who calls which gRPC method of whom, read from the code: what a service serves (`grpc.add`), what clients it opens, and the
// methods it asks of them. libs/lifecycle is every service's: what it opens a client for, all call but who serves it.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** `tmws.timeline.v1.TimelineService` and the names of its methods. */
export interface GrpcService {
  readonly name: string;
  readonly methods: readonly string[];
}

export interface CallGraph {
  /** gRPC services by who serves them. */
  readonly served: Readonly<Record<string, readonly string[]>>;
  /** `package.Service/Method` by who serves it, then by who calls it. */
  readonly calls: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Services that run as processes of their own. */
export function deployables(): string[] {
  return globSync('services/*/src/main.ts', { cwd: root })
    .filter((path) => readFileSync(join(root, path), 'utf8').includes('runService('))
    .map((path) => basename(dirname(dirname(path))))
    .toSorted();
}

/** By the name code knows them by: `TimelineService`. @throws Error when two packages have one of the same name */
export function grpcServices(): Map<string, GrpcService> {
  const services = new Map<string, GrpcService>();
  for (const path of globSync('protos/tmws/**/*.proto', { cwd: root }).toSorted()) {
    const text = readFileSync(join(root, path), 'utf8').replaceAll(/\/\/.*$/gm, '');
    const [, scope = ''] = /^package ([\w.]+);/m.exec(text) ?? [];
    for (const [, name = '', body = ''] of text.matchAll(/^service (\w+) \{(.*?)^\}/gms)) {
      if (services.has(name))
        throw new Error(`${path}: there is another service ${name}; authorization knows them by their names`);
      services.set(name, { name: `${scope}.${name}`, methods: [...body.matchAll(/\brpc (\w+)/g)].map(([, rpc = '']) => rpc) });
    }
  }
  return services;
}

/** @throws Error when a service is served nowhere, or a client is opened of which no method is called */
export function callGraph(): CallGraph {
  const known = grpcServices();
  const owners = deployables();
  const everybody = sourcesOf('libs/lifecycle');
  const served = new Map(
    owners.map((owner) => [owner, matches(sourcesOf(`services/${owner}`), /\bgrpc\.add\(\s*(\w+Service)\b/g)]),
  );
  const calls: Record<string, Record<string, string[]>> = {};
  for (const caller of owners) {
    const own = sourcesOf(`services/${caller}`);
    for (const text of [own, everybody]) {
      for (const client of matches(text, /\bopenGrpcClient\(\s*(\w+Service)\b/g)) {
        const service = known.get(client);
        const owner = owners.find((each) => served.get(each)?.includes(client));
        if (service === undefined || owner === undefined) throw new Error(`${caller} calls ${client}, which no service serves`);
        if (owner === caller) continue;
        const called = service.methods.filter((method) => new RegExp(`\\.${localName(method)}\\b`).test(text));
        if (called.length === 0) throw new Error(`${caller} opens a client of ${client} and calls none of its methods`);
        ((calls[owner] ??= {})[caller] ??= []).push(...called.map((method) => `${service.name}/${method}`));
      }
    }
  }
  const names = (of: readonly string[]): string[] => of.map((name) => known.get(name)?.name ?? name).toSorted();
  return { served: Object.fromEntries([...served].map(([owner, of]) => [owner, names(of)])), calls: sorted(calls) };
}

const localName = (method: string): string => method.charAt(0).toLowerCase() + method.slice(1);

const matches = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

function sourcesOf(dir: string): string {
  const paths = globSync(`${dir}/src/**/*.ts`, { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
  return paths.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
}

function sorted(calls: CallGraph['calls']): CallGraph['calls'] {
  const byName = <T>(of: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(of).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byName(calls).map(([owner, by]) => [
      owner,
      Object.fromEntries(byName(by).map(([caller, methods]) => [caller, methods.toSorted()])),
    ]),
  );
}
