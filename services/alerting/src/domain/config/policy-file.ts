// The policy file: escalations, damping and watches, read as Alertmanager's file is.
import { isLabelName, type LabelSet } from '../label-set.ts';
import { type MatcherMode, parseMatchers } from '../matcher-text.ts';
import { type AlertPolicy, type DampingRule, type EscalationRule, noPolicy, type WatchRule } from '../policy.ts';
import { moreReceivers } from './more-receivers.ts';
import { shownConfig } from './original.ts';
import { count, duration, list, object, parsed, record, text } from './readers.ts';
import { ConfigFaults, isEmpty, type Place, type Reader, Reading } from './yaml-reading.ts';

/**
 * The policy a text holds; an empty text is none. Throws ConfigFaults with every mistake, its line and its path.
 *
 *   F1  an unknown field, a receiver that is none of `receivers`, a step without its time and two watches of one name are mistakes
 *   F2  0 <= clear_at < raise_at, so that flapping which began can end
 */
export function parsePolicy(source: string, receivers: readonly string[], mode: MatcherMode = 'fallback'): AlertPolicy {
  const reading = new Reading(source);
  const root = reading.root();
  if (reading.faults.length === 0 && isEmpty(root)) return noPolicy;
  const read = object({
    escalations: list(escalation(receivers, mode)),
    damping: list(damping(mode)),
    watches: list(watch(mode)),
    receivers: moreReceivers(receivers),
  })(root);
  const names = new Set<string>();
  for (const { name, at } of read?.watches ?? []) {
    if (names.has(name)) reading.fault(at, `watch ${JSON.stringify(name)} stands twice; names must be unique`);
    names.add(name);
  }
  if (reading.faults.length > 0) throw new ConfigFaults(reading.faults.toSorted((a, b) => a.line - b.line));
  return {
    escalations: read?.escalations ?? [],
    damping: read?.damping ?? [],
    watches: (read?.watches ?? []).map(({ at: _, ...rule }) => rule),
    receivers: read?.receivers ?? [],
    original: shownConfig(reading),
  };
}

const matchersOf = (mode: MatcherMode) => list(parsed((value) => parseMatchers(value, mode), 'matchers, like severity="page"'));

/** A field that must be there. */
const required =
  <T>(read: Reader<T>, what: string): Reader<T> =>
  (place) => {
    if (isEmpty(place)) place.reading.fault(place, `must be ${what}`);
    return read(place);
  };

/** Notes fields that are absent. @returns whether all are there */
function has<T extends object, K extends keyof T & string>(
  place: Place,
  read: T,
  ...keys: readonly K[]
): read is T & Required<Pick<T, K>> {
  const missing = keys.filter((key) => !Object.hasOwn(read, key));
  const node = place.node as { has?: (key: string) => boolean } | null;
  // A field that is there and wrong has its own fault.
  const unsaid = missing.filter((key) => node?.has?.(key) !== true);
  if (unsaid.length > 0) place.reading.fault(place, `needs ${unsaid.join(' and ')}`);
  return missing.length === 0;
}

const positive: Reader<number> = (place) => {
  const value = required(duration, 'a duration like "10m"')(place);
  if (value === 0) place.reading.fault(place, 'must be longer than 0s');
  return value;
};

function escalation(receivers: readonly string[], mode: MatcherMode): Reader<EscalationRule> {
  const known = parsed(
    (name) => (receivers.includes(name) ? name : undefined),
    `a receiver of Alertmanager's file: ${receivers.slice(0, 10).join(', ') || 'there is none'}${receivers.length > 10 ? ' …' : ''}`,
  );
  const step = object({ after: positive, receiver: required(known, 'the name of a receiver') });
  const fields = object({
    matchers: matchersOf(mode),
    steps: list((place: Place) => {
      const read = step(place);
      if (read === undefined || !has(place, read, 'after', 'receiver')) return undefined;
      return { afterMs: read.after, receiver: read.receiver };
    }),
  });
  return (place) => {
    const { length: before } = place.reading.faults;
    const read = fields(place);
    if (read === undefined || !has(place, read, 'steps')) return undefined;
    if (read.steps.length === 0 && place.reading.faults.length === before)
      place.reading.fault(place, 'needs at least one step, like {after: 10m, receiver: lead}');
    return { matchers: (read.matchers ?? []).flat(), steps: read.steps };
  };
}

function damping(mode: MatcherMode): Reader<DampingRule> {
  const flapping = object({ window: positive, raise_at: count, clear_at: count });
  const fields = object({
    matchers: matchersOf(mode),
    flapping: (place: Place) => {
      const read = flapping(place);
      if (read === undefined || !has(place, read, 'window', 'raise_at', 'clear_at')) return undefined;
      const { window: windowMs, raise_at: raiseAt, clear_at: clearAt } = read;
      if (raiseAt < 2 || raiseAt > 1000) place.reading.fault(place, `raise_at must be from 2 to 1000 (got ${raiseAt})`);
      if (clearAt >= raiseAt) {
        place.reading.fault(place, `clear_at must be less than raise_at, or flapping never ends (got ${clearAt} and ${raiseAt})`);
      }
      return { windowMs, raiseAt, clearAt };
    },
    fire_after: duration,
    clear_after: duration,
  });
  return (place) => {
    const read = fields(place);
    if (read === undefined) return undefined;
    const { matchers = [], flapping: flaps, fire_after: fireAfterMs = 0, clear_after: clearAfterMs = 0 } = read;
    return { matchers: matchers.flat(), flapping: flaps, fireAfterMs, clearAfterMs };
  };
}

function watch(mode: MatcherMode): Reader<WatchRule & { readonly at: Place }> {
  const labelled: Reader<LabelSet> = record((place: Place) => {
    const name = place.path.slice(place.path.lastIndexOf('.labels.') + '.labels.'.length);
    if (!isLabelName(name, 'utf8')) place.reading.fault(place, `${JSON.stringify(name)} is not a label name`);
    return text(place);
  });
  const fields = object({
    name: required(text, 'a name'),
    matchers: matchersOf(mode),
    within: positive,
    labels: labelled,
  });
  return (place) => {
    const read = fields(place);
    if (read === undefined || !has(place, read, 'name', 'matchers', 'within')) return undefined;
    return { name: read.name, matchers: read.matchers.flat(), withinMs: read.within, labels: read.labels ?? {}, at: place };
  };
}
