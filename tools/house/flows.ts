// What parts of the fleet say to each other, read from the protos, the catalog of events, the migrations and the code that opens it.
import { globSync } from 'node:fs';
import { eventTypes } from '../../libs/events/src/catalog.ts';
import { root, shortName, textOf } from './packages.ts';
import type { Source } from './sources.ts';

/** A gRPC service of ours, who answers it and who asks. */
export interface GrpcService {
  readonly name: string;
  readonly methods: readonly string[];
  readonly servedBy: readonly string[];
  readonly calledBy: readonly string[];
}

export interface Topic {
  readonly name: string;
  readonly types: readonly string[];
  readonly writtenBy: readonly string[];
  readonly readBy: readonly string[];
}

export interface Schema {
  readonly service: string;
  readonly tables: readonly string[];
}

export function grpcServices(files: readonly Source[]): GrpcService[] {
  return globSync('protos/tmws/**/*.proto', { cwd: root })
    .toSorted()
    .flatMap((path) => {
      const text = textOf(path);
      const owner = /^package ([\w.]+);/m.exec(text)?.[1] ?? '';
      return [...text.matchAll(/^service (\w+) \{([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => ({
        name: `${owner}.${name}`,
        methods: [...body.matchAll(/^\s*rpc (\w+)/gm)].map(([, method = '']) => method),
        servedBy: servicesWith(files, new RegExp(`grpc\\.add\\(\\s*${name}\\b`)),
        calledBy: servicesWith(files, new RegExp(`openGrpcClient\\(\\s*${name}\\b`)),
      }));
    });
}

/** Who makes records of a topic writes it, and so does who takes events from clients; who consumes reads the topics it names otherwise. */
export function eventTopics(files: readonly Source[]): Topic[] {
  const byTopic = Map.groupBy(eventTypes, ([, { topic }]) => topic);
  const [writers, readers] = [servicesWith(files, /\bevents\.publish\b/), servicesWith(files, /\bevents\.consume\(/)];
  const takers = servicesWith(files, /\btoRecord\(accepted\.topic\b/);
  return [...byTopic].map(([name, types]) => {
    const making = servicesWith(files, new RegExp(`toRecord\\(\\s*'${name}'`));
    const naming = servicesWith(files, new RegExp(`(?<!toRecord\\(\\s*)'${name}'`));
    return {
      name,
      types: types.map(([type]) => type),
      writtenBy: writers.filter((service) => making.includes(service) || takers.includes(service)),
      readBy: readers.filter((service) => naming.includes(service)),
    };
  });
}

/** The tables a service's migrations make, and those every schema has (libs/postgres). */
export function schemas(): Schema[] {
  const tablesIn = (glob: string): string[] =>
    globSync(glob, { cwd: root })
      .toSorted()
      .flatMap((path) => [...textOf(path).matchAll(/CREATE TABLE \{\{schema\}\}\.(\w+) \(/g)].map(([, table = '']) => table));
  const everywhere = tablesIn('libs/postgres/migrations/*.sql');
  const owners = new Set(globSync('services/*/migrations', { cwd: root }).toSorted());
  return [...owners].map((dir) => {
    const service = shortName(dir.slice(0, dir.lastIndexOf('/')));
    return { service, tables: [...tablesIn(`${dir}/*.sql`), ...everywhere] };
  });
}

function servicesWith(files: readonly Source[], pattern: RegExp): string[] {
  const found = files.filter(
    ({ path, text }) => /^services\/[^/]+\/src\//.test(path) && !/\.test\.ts$/.test(path) && pattern.test(text),
  );
  return [...new Set(found.map(({ path }) => path.split('/')[1] ?? ''))].toSorted();
}
