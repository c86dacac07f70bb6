// A task as both shapes of WfFormat tell it: 1.4 has one list, 1.5 and 1.6 one of what was planned and one of what ran.
import { asId, asObject, fieldOf, type JsonObject, listOf, missing, numberOf, objectOf, textOf, wrong } from '../json.ts';
import { parseDate } from './dates.ts';

export interface FileUse {
  readonly name: string;
  readonly bytes: bigint;
}

export interface Task {
  readonly id: string;
  readonly name: string;
  /** Where the file has it. */
  readonly at: string;
  /** Of other tasks, by id or name. */
  readonly parents: readonly string[];
  readonly children: readonly string[];
  readonly inputs: readonly FileUse[];
  readonly outputs: readonly FileUse[];
  readonly category: string;
}

/** How a task ran. */
export interface Run {
  readonly at: string;
  readonly runtimeNs: bigint;
  /** Absent from all files seen; the schema of 1.5 allows it. */
  readonly startNs: bigint | undefined;
  /** Of one core; above 1 with several threads. */
  readonly cpuShare: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly cores: number | undefined;
  readonly machines: readonly string[];
  readonly program: string;
  readonly attributes: Readonly<Record<string, number | string | string[]>>;
}

export function parseRun(value: unknown, at: string, version: string): Run {
  const of = asObject(value, at);
  const command = objectOf(of, 'command', at) ?? {};
  const program = textOf(command, 'program', `${at}.command`);
  const percent = numberOf(of, 'avgCPU', at);
  const executedAt = textOf(of, 'executedAt', at);
  const machine = textOf(of, 'machine', at);
  return {
    at,
    runtimeNs: secondsOf(of, 'runtimeInSeconds', at) ?? withoutRuntime(at, version),
    startNs: executedAt === '' ? undefined : parseDate(executedAt, `${at}.executedAt`),
    cpuShare: percent === undefined ? undefined : percent / 100,
    memoryBytes: numberOf(of, 'memoryInBytes', at),
    cores: numberOf(of, 'coreCount', at) ?? numberOf(of, 'cores', at),
    machines: [...(machine === '' ? [] : [machine]), ...textsOf(of, 'machines', at)],
    program,
    attributes: attributesOf(of, command, at),
  };
}

/** What is shown and not reckoned with. WfCommons writes the power under a name the schema does not have. */
function attributesOf(of: JsonObject, command: JsonObject, at: string): Run['attributes'] {
  const attributes: Record<string, number | string | string[]> = {};
  const told = (name: string, value: number | string | undefined): void => {
    if (value !== undefined && value !== '') attributes[name] = value;
  };
  for (const name of ['avgCPU', 'readBytes', 'writtenBytes', 'energyInKWh'] as const) told(name, numberOf(of, name, at));
  told('energyInKWh', numberOf(of, 'energy', at));
  const [inW, misnamed, of14] = ['avgPowerInW', 'avgPowerInKWh', 'avgPower'].map((name) => numberOf(of, name, at));
  told('avgPowerInW', inW ?? misnamed ?? of14);
  const priority = fieldOf(of, 'priority');
  if (typeof priority === 'number' && Number.isFinite(priority)) attributes.priority = priority;
  told('program', textOf(command, 'program', `${at}.command`));
  const args = textsOf(command, 'arguments', `${at}.command`);
  if (args.length > 0) attributes.arguments = [...args];
  return attributes;
}

/** 1.5 and 1.6: of `specification.tasks`. */
export function parseTask(value: unknown, at: string, sizes: ReadonlyMap<string, bigint>): Task {
  const of = asObject(value, at);
  const uses = (field: string): FileUse[] => textsOf(of, field, at).map((name) => ({ name, bytes: sizes.get(name) ?? 0n }));
  return { ...placeOf(of, at), inputs: uses('inputFiles'), outputs: uses('outputFiles') };
}

/** 1.4: of `workflow.tasks`, files with their direction in one list. */
export function parseLegacyTask(value: unknown, at: string): Task {
  const of = asObject(value, at);
  const files = listOf(of, 'files', at).map((file, i) => {
    const place = `${at}.files[${i}]`;
    const given = asObject(file, place);
    const name = textOf(given, 'name', place) || textOf(given, 'id', place);
    const bytes = numberOf(given, 'sizeInBytes', place) ?? numberOf(given, 'size', place) ?? 0;
    return { link: textOf(given, 'link', place).toLowerCase(), name, bytes: BigInt(Math.round(bytes)) };
  });
  return {
    ...placeOf(of, at),
    inputs: files.filter(({ link }) => link === 'input'),
    outputs: files.filter(({ link }) => link === 'output'),
  };
}

function placeOf(of: JsonObject, at: string): Omit<Task, 'inputs' | 'outputs'> {
  const name = textOf(of, 'name', at);
  const id = asId(fieldOf(of, 'id') ?? (name || undefined), `${at}.id`);
  const [parents, children] = [textsOf(of, 'parents', at), textsOf(of, 'children', at)];
  return { id, name: name || id, at, parents, children, category: textOf(of, 'category', at) };
}

function textsOf(of: JsonObject, name: string, at: string): readonly string[] {
  return listOf(of, name, at).map((value, i) => {
    if (typeof value === 'string') return value;
    throw wrong(`${at}.${name}[${i}]`, 'a text', value);
  });
}

/** In 1.4 only some have one: transfers and auxiliary tasks took no time that was recorded. */
function withoutRuntime(at: string, version: string): bigint {
  if (version === '1.4') return 0n;
  throw missing(`${at}.runtimeInSeconds`, 'a number of seconds, 0 for a task that took no time');
}

const maxSeconds = 7_258_118_400; // 230 years: 1970 to 2200

/** A time in seconds as ns. */
export function secondsOf(of: JsonObject, name: string, at: string): bigint | undefined {
  const seconds = numberOf(of, name, at, maxSeconds);
  return seconds === undefined ? undefined : BigInt(Math.round(seconds * 1e9));
}
