// The drawn part of docs/architecture.md. Nothing in it is written by hand.
import { hostSettings } from '../../libs/lifecycle/src/host-config.ts';
import { fleetSettings } from '../../services/fleet/src/config.ts';
import { eventTopics, grpcServices, schemas } from './flows.ts';
import { directNeeds, packages, shortName } from './packages.ts';
import { sources } from './sources.ts';

const begin = '<!-- drawn by tools/draw-map.ts: do not edit -->';
const end = '<!-- end of the drawing -->';

/** Those that drive the whole from outside, and what serves them: they would cross every arrow of the picture. */
const besides: readonly string[] = ['bench', 'e2e', 'libs/testkit'];

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
    `From the \`package.json\` files; an arrow that others imply is left out. ${besidesText()}`,
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

/** No frames around services and libs: within a frame mermaid's floors no longer follow the arrows, and those tangle. */
function imports(): string[] {
  const drawn = packages().filter(({ dir }) => !besides.includes(dir));
  const needs = directNeeds(drawn);
  return [
    'flowchart TB',
    '  classDef service fill:#dbe7f5,stroke:#4a78ad,color:#10243a',
    '  classDef lib fill:#f3dfe4,stroke:#a8586d,color:#3a1020',
    ...drawn.map(({ dir }) =>
      dir.startsWith('services/') ? `  ${id(dir)}["${shortName(dir)}"]:::service` : `  ${id(dir)}(["${shortName(dir)}"]):::lib`,
    ),
    '  protos[/protos/] --> libs_contracts',
    ...[...needs].flatMap(([dir, direct]) => direct.map((need) => `  ${id(dir)} --> ${id(need)}`)),
  ];
}

/** What those need that are left out of the picture. */
function besidesText(): string {
  const all = packages();
  const needs = directNeeds(all);
  const listed = all
    .filter(({ dir }) => besides.includes(dir) && (needs.get(dir) ?? []).length > 0)
    .map(({ dir }) => `\`${shortName(dir)}\` needs ${(needs.get(dir) ?? []).map(shortName).join(', ')}`);
  return `Boxes are services, round ones libs. Beside them, for tests and measurements alone: ${listed.join('; ')}.`;
}

/** One arrow for all services a caller asks of another. */
function calls(grpc: ReturnType<typeof grpcServices>): string[] {
  const pairs = grpc.flatMap(({ name, servedBy, calledBy }) =>
    calledBy.flatMap((caller) =>
      servedBy.map((server) => ({
        pair: `${node(caller)} -- "CALLS" --> ${node(server)}`,
        name: shortName(name.replaceAll('.', '/')).replace(/Service$/, ''),
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
