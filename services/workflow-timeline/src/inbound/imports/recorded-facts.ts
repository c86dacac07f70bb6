import { create } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { type Fact as FactMessage, StepsReportedSchema } from '@tmws/contracts';
import { acceptReported, type KnownKeys } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { Fact, Origin } from '../../domain/fact.ts';
import { factsOfEvent } from '../facts-of-event.ts';
import type { ImportedExecution, ImportFormat } from './imported.ts';
import { shown } from './json.ts';

/** An execution as a reader found it. Ids of facts are unique in it and the same for the same recording. */
export interface Recorded {
  readonly format: ImportFormat;
  readonly executionId: string;
  /** One after the other, so that few are there at a time. */
  readonly facts: Iterable<FactMessage>;
  readonly origin: Omit<Origin, 'format' | 'importId'>;
}

/** So few that they are garbage before they are moved; a report may hold 10,000. */
const portion = 256;

/**
 * The facts of a recorded execution, checked, redacted and capped as at every door. Takes the messages over.
 *
 * @throws Problem `invalid`
 */
export function recordedFacts(recorded: Recorded): ImportedExecution {
  return { id: recorded.executionId, facts: [...tellFacts(recorded)] };
}

/** The same one after the other; what is wrong is thrown where it comes. */
export function* tellFacts({ format, executionId, facts, origin }: Recorded): Iterable<Fact> {
  const source = `/imports/${format}`;
  const known: KnownKeys = new Map();
  const accepted = (some: FactMessage[]): Fact[] => {
    const reported = create(StepsReportedSchema, { executionId });
    reported.facts = some;
    const event = { id: executionId, source, timeNs: nsOf(some[0]?.time) };
    const told = factsOfEvent(orNamed(some, () => acceptReported(reported, event, undefined, known)));
    return told.map((fact) => (fact.about === 'execution' ? { ...fact, origin: { format, importId: '', ...origin } } : fact));
  };
  let some: FactMessage[] = [];
  for (const fact of facts) {
    some.push(fact);
    if (some.length < portion) continue;
    yield* accepted(some);
    some = [];
  }
  if (some.length > 0) yield* accepted(some);
}

/** A refusal speaks of the report's fields; a file has none of these, but the step. */
function orNamed<T>(facts: readonly FactMessage[], pass: () => T): T {
  try {
    return pass();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [place = '', number = ''] = /^data\.facts\[(\d+)\](?:\.step|\.execution)?\.?/.exec(error.field ?? '') ?? [];
    const of = facts[Number(number || NaN)]?.data;
    const whose = of?.case === 'step' ? `the step ${shown(of.value.stepId)}` : 'the execution';
    throw new Problem(error.kind, `${whose}: ${error.message.replace(place, '')}`, { cause: error });
  }
}

export function timestampOf(ns: bigint): Pick<Timestamp, 'seconds' | 'nanos'> {
  return { seconds: ns / 1_000_000_000n, nanos: Number(ns % 1_000_000_000n) };
}

function nsOf(time: Timestamp | undefined): bigint {
  return time === undefined ? 0n : time.seconds * 1_000_000_000n + BigInt(time.nanos);
}
