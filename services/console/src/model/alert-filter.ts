// Which alerts are shown, as the address has it.
import type { Query } from '../api/url.ts';
import { list, oneOf, type Parameters, text, flag } from '../state/url-state.ts';
import { matcherText, splitMatchers } from './label-matcher.ts';

export interface AlertsState {
  /** Matchers with commas between. */
  filter: string;
  severity: readonly string[];
  receiver: string;
  acknowledged: 'any' | 'no' | 'yes';
  state: 'any' | 'active' | 'suppressed' | 'damped';
  mine: boolean;
  /** The group that is open. */
  group: string;
  /** What fired then. */
  at: string;
}

export const alertsParameters: Parameters<AlertsState> = {
  filter: text(),
  severity: list(),
  receiver: text(),
  acknowledged: oneOf(['any', 'no', 'yes']),
  state: oneOf(['any', 'active', 'suppressed', 'damped']),
  mine: flag,
  group: text(),
  at: text(),
};

export const noFilter = {
  filter: '',
  severity: [],
  receiver: '',
  acknowledged: 'any',
  state: 'any',
  mine: false,
} as const satisfies Partial<AlertsState>;

export const isFiltered = (state: AlertsState): boolean => filterChips(state).length > 0;

/** All matchers in force, each as text. */
export function filtersOf({ filter, severity }: Pick<AlertsState, 'filter' | 'severity'>): string[] {
  if (severity.length === 0) return splitMatchers(filter);
  const value = severity.join('|');
  return [...splitMatchers(filter), matcherText({ name: 'severity', operator: severity.length === 1 ? '=' : '=~', value })];
}

/** The filter as the API takes it. @param me  who is signed in */
export function alertsQuery(state: AlertsState, me: string) {
  return {
    filter: filtersOf(state),
    state: state.state === 'any' ? '' : state.state,
    // The API takes a pattern; what is chosen is a name.
    receiver: state.receiver.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`),
    acknowledged: { any: '', no: 'false', yes: 'true' }[state.acknowledged],
    assignee: state.mine ? me : '',
  } satisfies Query;
}

/** The same as words of `tmws alert …`. */
export function alertWords(state: AlertsState, me: string): string[] {
  const { filter, state: asked, receiver, assignee } = alertsQuery(state, me);
  const options = { '--state': asked, '--receiver': receiver, '--assignee': assignee };
  const acknowledged = state.acknowledged === 'any' ? [] : ['--acknowledged', state.acknowledged];
  const given = Object.entries(options).flatMap(([name, value]) => (value === '' ? [] : [name, value]));
  return [...filter, ...given, ...acknowledged];
}

export interface FilterChip {
  readonly id: string;
  readonly words: string;
  readonly without: Partial<AlertsState>;
}

/** Every filter in force, with what takes it away. */
export function filterChips(state: AlertsState): FilterChip[] {
  const parts = splitMatchers(state.filter);
  const chips: FilterChip[] = parts.map((words, place) => ({
    id: `filter ${words}`,
    words,
    without: { filter: parts.filter((_, at) => at !== place).join(', ') },
  }));
  for (const each of state.severity)
    chips.push({
      id: `severity ${each}`,
      words: `severity is ${each}`,
      without: { severity: state.severity.filter((other) => other !== each) },
    });
  if (state.receiver !== '') chips.push({ id: 'receiver', words: `told to ${state.receiver}`, without: { receiver: '' } });
  if (state.acknowledged !== 'any') {
    const words = state.acknowledged === 'no' ? 'not acknowledged' : 'acknowledged';
    chips.push({ id: 'acknowledged', words, without: { acknowledged: 'any' } });
  }
  if (state.state !== 'any') chips.push({ id: 'state', words: `${state.state} only`, without: { state: 'any' } });
  if (state.mine) chips.push({ id: 'mine', words: 'mine', without: { mine: false } });
  return chips;
}
