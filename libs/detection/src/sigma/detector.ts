// All Sigma rules over each event.
import { type EventView, type FieldMapping, viewOf } from '../event/event-view.ts';
import { isFor, type Logsource, type WantedLogsource } from '../event/logsource.ts';
import { windowsEvent } from '../event/windows-event.ts';
import { gatesOf } from '../literals/gates.ts';
import type { Predicate } from './predicate.ts';
import type { SigmaRule } from './rule.ts';

/** What is asked of events: a Sigma rule, or a preset. */
export interface Asked {
  readonly logsource: WantedLogsource;
  readonly predicate: Predicate;
}

export interface SigmaDetector<Rule extends Asked = SigmaRule> {
  /** The rules that match, in their order. */
  readonly detect: (event: EventView) => Rule[];
}

/** D1  The same rules as asking each of them; the automaton only keeps away those that cannot match. */
export function sigmaDetector<Rule extends Asked>(rules: readonly Rule[]): SigmaDetector<Rule> {
  const gates = gatesOf(rules.map(({ predicate }) => predicate.required));
  return {
    detect(event) {
      gates.look(event.values().map(({ text }) => text));
      const matched: number[] = [];
      for (const index of gates.candidates()) {
        const { logsource, predicate } = rules[index] as Rule;
        if (isFor(logsource, event.logsource) && gates.open(index) && predicate.test(event)) matched.push(index);
      }
      return matched.sort((a, b) => a - b).map((index) => rules[index] as Rule);
    },
  };
}

export interface SigmaViewOptions {
  /** Where the event comes from, where that is known; for events of the Windows event log it is read from them. */
  readonly logsource?: Logsource;
  readonly mapField?: FieldMapping;
}

/** An event as Sigma rules see it: fields of the Windows event log by the names the rules use, all others by their paths. */
export function sigmaView(event: unknown, { logsource, mapField }: SigmaViewOptions = {}): EventView {
  const windows = windowsEvent(event);
  const from = logsource ?? windows?.logsource;
  return viewOf(event, {
    ...(from === undefined ? {} : { logsource: from }),
    ...(mapField === undefined ? {} : { mapField }),
    ...(windows === undefined ? {} : { named: windows.fields }),
  });
}
