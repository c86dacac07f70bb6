// CloudEvents of ours as they were sent: one structured event a line, or a JSON list of them, or one alone.
import { accept, type Accepted, fromStructured } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { ExecutionFact, Fact, Origin } from '../../../domain/fact.ts';
import { factsOfEvent } from '../../facts-of-event.ts';
import type { Content } from '../content.ts';
import type { ImportedExecution } from '../imported.ts';
import { isObject } from '../json.ts';
import type { Reader } from '../reader.ts';

export const cloudEvents: Reader = {
  format: 'cloudevents',
  knownBy: 'JSON lines, or a list, of CloudEvents with specversion',
  recognizes: (value) => {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isObject(first) && 'specversion' in first;
  },
  read,
};

const origin: Origin = {
  format: 'cloudevents',
  importId: '',
  reconstructed: false,
  note: 'The events of a file, as if they had been sent.',
};

/** Events keep their own source and id, so one that was also sent counts once. Their namespace is that of the import. */
function read({ value, lines }: Content): ImportedExecution[] {
  const events: readonly unknown[] = Array.isArray(value) ? value : [value];
  const byExecution = new Map<string, Fact[]>();
  events.forEach((event, i) => {
    const place = lines !== undefined ? `line ${lines[i] ?? 0}` : Array.isArray(value) ? `$[${i}]` : '$';
    const accepted = acceptAt(event, place);
    const { subject } = accepted.event;
    const facts = byExecution.get(subject) ?? [];
    byExecution.set(subject, facts);
    for (const fact of factsOfEvent(accepted)) facts.push(fact.about === 'execution' ? withOrigin(fact) : fact);
  });
  return [...byExecution].map(([id, facts]) => ({ id, facts }));
}

function acceptAt(event: unknown, place: string): Accepted {
  try {
    if (isObject(event) && (event.time ?? undefined) === undefined)
      throw new Problem('invalid', 'time is missing; a recorded event must say when it happened', { field: 'time' });
    return accept(fromStructured(event, 0n));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.kind, `${place}: ${error.message}`, { field: place, cause: error });
  }
}

function withOrigin(fact: ExecutionFact): ExecutionFact {
  return { ...fact, origin };
}
