// The drawn part of docs/architecture.md. Nothing in it is written by hand.
import { hostSettings } from '../../libs/lifecycle/src/host-config.ts';
import { fleetSettings } from '../../services/fleet/src/config.ts';
import { eventTopics, grpcServices, schemas } from './flows.ts';
import { directNeeds, packages, shortName } from './packages.ts';
import { sources } from './sources.ts';

const begin = '<!-- drawn by tools/draw-map.ts: do not edit -->';
const end = '<!-- end of the drawing -->';

/** A document with its drawing made anew. */
export function withMap(document: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/architecture.md needs the lines "${begin}" and "${end}", in this order`);
  return `${document.slice(0, from)}${begin}\n\n${map()}\n${document.slice(to)}`;
}

function map(): string {
  const files = sources();
  const grpc = grpcServices(files);
  const topics = eventTopics(files);
  return [
    '### Who imports whom',
    'From the `package.json` files; an arrow that others imply is left out.',
    mermaid(imports()),
    '### Who tells whom',
    "From the protos, the catalog of events, the migrations and each service's `app.ts`.",
    mermaid([
      'flowchart LR',
      ...topics.flatMap(({ name, writtenBy, readBy }) => [
        `  ${id(name)}[/${name}/]`,
        ...writtenBy.map((service) => `  ${node(service)} -- writes --> ${id(name)}`),
        ...readBy.map((service) => `  ${id(name)} --> ${node(service)}`),
      ]),
      ...calls(grpc),
      ...schemas().map(({ service }) => `  ${node(service)} --> ${id(`${service} store`)}[(Postgres, its own schema)]`),
    ]),
    table(
      ['topic', 'types', 'written by', 'read by'],
      topics.map(({ name, types, writtenBy, readBy }) => [
        code(name),
        types.map(code).join(' '),
        writtenBy.join(', '),
        readBy.join(', '),
      ]),
    ),
    table(
      ['gRPC service', 'methods', 'answered by', 'asked by'],
      grpc.map(({ name, methods, servedBy, calledBy }) => [
        code(name),
        methods.join(' '),
        servedBy.join(', '),
        calledBy.join(', '),
      ]),
    ),
    table(
      ['schema of', 'tables'],
      schemas().map(({ service, tables }) => [service, tables.map(code).join(' ')]),
    ),
    table(
      ['port', 'setting', 'what'],
      [...Object.values(hostSettings), ...Object.values(fleetSettings)]
        .filter(({ env }) => env.endsWith('_PORT'))
        .map(({ env, defaultText, meaning }) => [defaultText ?? '', code(env), meaning]),
    ),
    '',
  ].join('\n\n');
}

function imports(): string[] {
  const all = packages();
  const needs = directNeeds(all);
  const room = (title: string, prefix: string): string[] => [
    `  subgraph ${title}`,
    ...all.filter(({ dir }) => dir.startsWith(prefix)).map(({ dir }) => `    ${id(dir)}["${shortName(dir)}"]`),
    '  end',
  ];
  return [
    'flowchart TB',
    ...['bench', 'e2e'].map((dir) => `  ${dir}[${dir}]`),
    ...room('services', 'services/'),
    ...room('libs', 'libs/'),
    '  protos[/protos/] --> libs_contracts',
    ...[...needs].flatMap(([dir, direct]) => direct.map((need) => `  ${id(dir)} --> ${id(need)}`)),
  ];
}

/** One arrow for all services a caller asks of another. */
function calls(grpc: ReturnType<typeof grpcServices>): string[] {
  const pairs = grpc.flatMap(({ name, servedBy, calledBy }) =>
    calledBy.flatMap((caller) =>
      servedBy.map((server) => ({
        pair: `${node(caller)} -- "CALLS" --> ${node(server)}`,
        name: shortName(name.replaceAll('.', '/')),
      })),
    ),
  );
  return [...Map.groupBy(pairs, ({ pair }) => pair)].map(
    ([pair, names]) => `  ${pair.replace('CALLS', `gRPC: ${names.map(({ name }) => name).join(', ')}`)}`,
  );
}

const id = (text: string): string => text.replaceAll(/\W/g, '_');
const node = (service: string): string => `${id(service)}["${service}"]`;
const code = (text: string): string => `\`${text}\``;
const mermaid = (lines: readonly string[]): string => ['```mermaid', ...lines, '```'].join('\n');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
