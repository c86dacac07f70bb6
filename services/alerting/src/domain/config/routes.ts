// route: the tree that says who is told, and inhibit_rules: which alerts mute which.
import { isLabelName } from '../label-set.ts';
import { type Matcher, matcherOf } from '../matcher.ts';
import { type MatcherMode, parseMatchers } from '../matcher-text.ts';
import type { InhibitRule } from '../inhibition.ts';
import type { RouteDefinition } from '../route-tree.ts';
import { bool, duration, list, object, parsed, record, text } from './readers.ts';
import type { Place, Reader } from './yaml-reading.ts';

const matcherLists = (mode: MatcherMode) => list(parsed((value) => parseMatchers(value, mode), 'matchers, like severity="page"'));

/** `match`, `match_re` or their like in inhibit rules: a mapping from label to value. */
const mapped =
  (operator: '=' | '=~'): Reader<Matcher[]> =>
  (place) => {
    // As Alertmanager keeps them, and so as they stand in group keys.
    const written = (source: string): string => (operator === '=~' ? `^(?:${source})$` : source);
    const read = record((at: Place) => {
      const value = text(at) ?? '';
      const name = at.path.slice(place.path.length + 1);
      if (!isLabelName(name, 'classic')) {
        at.reading.fault(at, `${JSON.stringify(name)} is not a classic label name; write it in matchers, quoted`);
      }
      return (
        parsed((source) => matcherOf(name, operator, written(source)), 'a regular expression of Go (RE2)')(at) ??
        matcherOf(name, '=', value)
      );
    })(place);
    return read === undefined ? undefined : Object.values(read);
  };

const interval: Reader<number> = (place) => {
  const value = duration(place);
  if (value === 0) place.reading.fault(place, 'must be longer than 0s');
  return value;
};

export interface ReadRoute extends RouteDefinition {
  readonly line: number;
  readonly path: string;
  readonly routes: readonly ReadRoute[];
}

/** A route and all below it. */
export function route(mode: MatcherMode): Reader<ReadRoute> {
  const fields = object({
    receiver: text,
    group_by: list(text),
    group_wait: duration,
    group_interval: interval,
    repeat_interval: interval,
    continue: bool,
    match: mapped('='),
    match_re: mapped('=~'),
    matchers: matcherLists(mode),
    mute_time_intervals: list(text),
    active_time_intervals: list(text),
    routes: (place): ReadRoute[] | undefined => list(route(mode))(place),
  });
  return (place) => {
    const read = fields(place);
    if (read === undefined) return undefined;
    return {
      line: place.line,
      path: place.path,
      receiver: read.receiver,
      groupBy: groupBy(place, read.group_by, mode),
      groupWaitMs: read.group_wait,
      groupIntervalMs: read.group_interval,
      repeatIntervalMs: read.repeat_interval,
      continues: read.continue ?? false,
      matchers: [...(read.match ?? []), ...(read.match_re ?? []), ...(read.matchers ?? []).flat()],
      muteTimeIntervals: read.mute_time_intervals ?? [],
      activeTimeIntervals: read.active_time_intervals ?? [],
      routes: read.routes ?? [],
    };
  };
}

function groupBy(place: Place, names: string[] | undefined, mode: MatcherMode): readonly string[] | 'all' | undefined {
  if (names === undefined || names.length === 0) return undefined;
  const fault = (message: string): void => place.reading.fault({ line: place.line, path: `${place.path}.group_by` }, message);
  if (names.includes('...')) {
    if (names.length > 1) fault('"..." means every label, so it stands alone');
    return 'all';
  }
  names.forEach((name, index) => {
    if (!isLabelName(name, mode === 'classic' ? 'classic' : 'utf8')) fault(`${JSON.stringify(name)} is not a label name`);
    if (names.indexOf(name) !== index) fault(`label ${JSON.stringify(name)} stands twice`);
  });
  return names;
}

/** inhibit_rules. */
export function inhibitRules(mode: MatcherMode): Reader<InhibitRule[]> {
  const fields = object({
    name: text,
    source_match: mapped('='),
    source_match_re: mapped('=~'),
    source_matchers: matcherLists(mode),
    target_match: mapped('='),
    target_match_re: mapped('=~'),
    target_matchers: matcherLists(mode),
    equal: list(text),
  });
  return list((place: Place): InhibitRule | undefined => {
    const read = fields(place);
    if (read === undefined) return undefined;
    return {
      name: read.name ?? place.path,
      source: [...(read.source_match ?? []), ...(read.source_match_re ?? []), ...(read.source_matchers ?? []).flat()],
      target: [...(read.target_match ?? []), ...(read.target_match_re ?? []), ...(read.target_matchers ?? []).flat()],
      equal: read.equal ?? [],
    };
  });
}
