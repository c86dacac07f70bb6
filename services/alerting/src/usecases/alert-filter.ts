import { Problem } from '@tmws/problems';
import { groupIdOf } from '../domain/group-id.ts';
import type { LabelSet } from '../domain/label-set.ts';
import { labelValue } from '../domain/label-set.ts';
import type { Matcher } from '../domain/matcher.ts';
import { parseMatchers } from '../domain/matcher-text.ts';
import { anchored, PatternFault } from '../domain/pattern.ts';
import type { Placement } from './board.ts';
import type { AlertState, FiringAlert } from './firing-alerts.ts';

/** Which alerts are asked for. */
export interface AlertFilter {
  /** Matchers as amtool takes them; all must hold. */
  readonly filters: readonly string[];
  /** Any of these; none: all. */
  readonly states: readonly string[];
  /** Anchored pattern; empty: all. */
  readonly receiver: string;
  readonly acknowledged?: boolean | undefined;
  /** Empty: all. */
  readonly assignee: string;
  /** Id of the group they are told in; absent or empty: any. */
  readonly group?: string;
}

/** The filter as questions. */
export interface ReadFilter {
  readonly labels: (labels: LabelSet) => boolean;
  readonly receiver: (name: string) => boolean;
  readonly state: (state: AlertState) => boolean;
  /** Whether it was acknowledged, and whose it is. */
  readonly acknowledged: (acknowledged: boolean) => boolean;
  readonly assignee: (assignee: string) => boolean;
  readonly group: (placement: Placement) => boolean;
}

const states = ['active', 'suppressed', 'damped'];
const mostFilters = 100;

/** @throws Problem `invalid` that names the field, what is wrong with it and what is allowed */
export function readFilter({ filters, states: wanted, receiver, acknowledged, assignee, group = '' }: AlertFilter): ReadFilter {
  const strange = wanted.find((state) => !states.includes(state));
  if (strange !== undefined) {
    throw new Problem('invalid', `state must be some of ${states.join(', ')} (got ${JSON.stringify(strange.slice(0, 80))})`, {
      field: 'state',
    });
  }
  if (filters.length > mostFilters)
    throw new Problem('invalid', `at most ${mostFilters} filters are taken (got ${filters.length})`, { field: 'filter' });
  if (group !== '' && !/^[0-9a-f]{16}$/.test(group)) {
    throw new Problem('invalid', `group must be the id of a group: 16 hex digits (got ${JSON.stringify(group.slice(0, 80))})`, {
      field: 'group',
    });
  }
  const matchers = filters.flatMap(readMatchers).map(remembering);
  return {
    labels: (labels) => matchers.every((each) => each(labels)),
    receiver: readPattern(receiver),
    state: (state) => wanted.length === 0 || wanted.includes(state),
    acknowledged: (is) => acknowledged === undefined || acknowledged === is,
    assignee: (given) => assignee === '' || given === assignee,
    group: ({ route, key }) => group === '' || groupIdOf(route.id, key) === group,
  };
}

/** Whether an alert passes by labels, receiver, group and assignee: what counts go by. */
export const passesCounted = (filter: ReadFilter, { alert, placements }: FiringAlert): boolean =>
  filter.labels(alert.labels) &&
  filter.assignee(alert.assignee) &&
  placements.some((each) => filter.receiver(each.route.options.receiver) && filter.group(each));

function readMatchers(text: string): Matcher[] {
  try {
    return parseMatchers(text, 'fallback');
  } catch (error) {
    throw new Problem('invalid', sayFault(text, error), {
      field: 'filter',
      position: { start: 0, end: text.length },
      cause: error,
    });
  }
}

/** A pattern's own fault does not say which filter it stands in. */
function sayFault(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof PatternFault)) return message;
  return `bad matcher ${JSON.stringify(text.slice(0, 200))}: ${message}; =~ and !~ take regular expressions of Go (RE2)`;
}

function readPattern(pattern: string): (name: string) => boolean {
  if (pattern === '') return () => true;
  try {
    const whole = anchored(pattern);
    const known = new Map<string, boolean>();
    return (name) => known.get(name) ?? (known.set(name, whole(name)), known.get(name) === true);
  } catch (error) {
    throw new Problem(
      'invalid',
      `receiver must be a regular expression of Go (RE2) for the whole name: ${error instanceof Error ? error.message : String(error)}`,
      { field: 'receiver', position: { start: 0, end: pattern.length }, cause: error },
    );
  }
}

/** A matcher that judges each value once: many alerts share theirs, and a pattern may be slow. */
function remembering({ name, matches }: Matcher): (labels: LabelSet) => boolean {
  const known = new Map<string, boolean>();
  return (labels) => {
    const value = labelValue(labels, name);
    const before = known.get(value);
    if (before !== undefined) return before;
    const judged = matches(value);
    known.set(value, judged);
    return judged;
  };
}
