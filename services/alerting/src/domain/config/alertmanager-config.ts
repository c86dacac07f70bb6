// Alertmanager's configuration file, read whole: what it says, or every mistake in it.
import type { InhibitRule } from '../inhibition.ts';
import type { MatcherMode } from '../matcher-text.ts';
import { type Route, routeOf } from '../route-tree.ts';
import type { TimeInterval } from '../time-interval.ts';
import { type GlobalConfig, globalFields } from './global.ts';
import { shownConfig } from './original.ts';
import { list, object, text } from './readers.ts';
import { type ReceiverConfig, receivers } from './receivers.ts';
import { inhibitRules, type ReadRoute, route } from './routes.ts';
import { timeIntervals } from './time-intervals.ts';
import { ConfigFaults, isEmpty, type Place, Reading } from './yaml-reading.ts';

export interface AlertmanagerConfig {
  readonly global: GlobalConfig;
  readonly resolveTimeoutMs: number;
  readonly route: Route;
  readonly inhibitRules: readonly InhibitRule[];
  readonly receivers: ReadonlyMap<string, ReceiverConfig>;
  readonly timeIntervals: ReadonlyMap<string, TimeInterval>;
  /** Globs of template files. */
  readonly templates: readonly string[];
  /** The file as it may be shown: every secret is `<secret>`, comments are gone. */
  readonly original: string;
}

/** Alertmanager's. */
const defaultResolveTimeoutMs = 5 * 60_000;

/**
 * The configuration a text holds. Throws ConfigFaults with every mistake, its line and its path.
 *
 *   C1  an unknown field, a receiver or interval that is used and not there, and two of one name are mistakes
 *   C2  no secret of the file is in `original`, in a fault, or printed with the value
 *   C3  `original` reads as the same configuration, but for its secrets
 */
export function parseAlertmanagerConfig(source: string, mode: MatcherMode = 'fallback'): AlertmanagerConfig {
  const reading = new Reading(source);
  const root = reading.root();
  if (isEmpty(root)) reading.fault(root, 'the file is empty; it needs at least route and receivers');
  if (reading.faults.length > 0) throw new ConfigFaults(reading.faults);
  const fault = (message: string, at: Pick<Place, 'line' | 'path'> = { line: 1, path: '' }): void => reading.fault(at, message);
  const read = object({
    global: globalFields,
    route: route(mode),
    // Read below: what a receiver lacks may stand in global, wherever in the file that is.
    receivers: (place) => place,
    inhibit_rules: inhibitRules(mode),
    time_intervals: timeIntervals,
    mute_time_intervals: timeIntervals,
    templates: list(text),
  })(root);
  const global = read?.global ?? {};
  const known = read?.receivers === undefined || isEmpty(read.receivers) ? [] : (receivers(global)(read.receivers) ?? []);
  const intervals = [...(read?.time_intervals ?? []), ...(read?.mute_time_intervals ?? [])];
  known.forEach(({ name, line }, index) => {
    if (known.findIndex((other) => other.name === name) < index) {
      fault(`receiver ${JSON.stringify(name)} stands twice; names must be unique`, { line, path: `receivers[${index}].name` });
    }
  });
  intervals.forEach(({ name }, index) => {
    if (intervals.findIndex((other) => other.name === name) < index) {
      fault(`time interval ${JSON.stringify(name)} stands twice; names must be unique`, { line: 1, path: 'time_intervals' });
    }
  });
  const names = { receivers: known.map(({ name }) => name), intervals: intervals.map(({ name }) => name) };
  if (read?.route === undefined) fault('no route: the file needs one, with a receiver');
  else {
    checkRoot(read.route, fault);
    checkNames(read.route, names, fault);
  }
  if (reading.faults.length > 0 || read?.route === undefined) {
    throw new ConfigFaults(reading.faults.toSorted((a, b) => a.line - b.line));
  }
  return {
    global,
    resolveTimeoutMs: global.resolve_timeout ?? defaultResolveTimeoutMs,
    route: routeOf(read.route),
    inhibitRules: read.inhibit_rules ?? [],
    receivers: new Map(known.map((each) => [each.name, each])),
    timeIntervals: new Map(intervals.map((each) => [each.name, each])),
    templates: read.templates ?? [],
    original: shownConfig(reading),
  };
}

type Fault = (message: string, at: Pick<Place, 'line' | 'path'>) => void;

function checkRoot(root: ReadRoute, fault: Fault): void {
  if (root.receiver === undefined || root.receiver === '') fault('the root route needs a receiver', root);
  if (root.matchers.length > 0) fault('the root route takes every alert, so it has no matchers', root);
  if (root.continues) fault('the root route has nothing beside it to continue with', root);
  if (root.muteTimeIntervals.length > 0) fault('the root route cannot have mute_time_intervals', root);
  if (root.activeTimeIntervals.length > 0) fault('the root route cannot have active_time_intervals', root);
}

function checkNames(node: ReadRoute, names: { receivers: readonly string[]; intervals: readonly string[] }, fault: Fault): void {
  if (node.receiver !== undefined && node.receiver !== '' && !names.receivers.includes(node.receiver)) {
    fault(`there is no receiver ${JSON.stringify(node.receiver)}; there is ${shortList(names.receivers)}`, {
      line: node.line,
      path: `${node.path}.receiver`,
    });
  }
  for (const name of [...node.muteTimeIntervals, ...node.activeTimeIntervals]) {
    if (!names.intervals.includes(name)) {
      fault(`there is no time interval ${JSON.stringify(name)}; there is ${shortList(names.intervals)}`, node);
    }
  }
  for (const child of node.routes) checkNames(child, names, fault);
}

const shortList = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : names
        .slice(0, 10)
        .map((name) => JSON.stringify(name))
        .join(', ') + (names.length > 10 ? ' …' : '');
