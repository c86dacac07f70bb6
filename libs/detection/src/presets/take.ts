// One preset and one group as a state machine whose state is data. No clock: time is that of the events, or is passed in.
import { correlate, correlationLimits } from '../correlation/correlate.ts';
import type { CorrelationRule } from '../correlation/rule.ts';
import { type Entry, insert, placeAt } from '../correlation/windows.ts';
import { verdictOn } from './judge.ts';
import type { PresetRule, PresetSettings } from './rule.ts';
import { type PresetHit, type PresetLimits, presetLimits, type PresetState, type PresetTaken } from './state.ts';
import type { PresetStep } from './steps.ts';
import { takeTerm } from './terms.ts';

/**
 * Takes an event into its group, and says whether the preset fires.
 *   P2  windows end at the event, `frequency`'s and those of `cardinality` with only a maximum anywhere around it: late events are
 *       counted in their place, up to one window late
 *   P3  the state is bounded by `limits.events`; what is lost is counted
 */
export function takePreset(
  step: PresetStep,
  state: PresetState | undefined,
  timeMs: number,
  limits: PresetLimits = presetLimits,
): PresetTaken {
  const { preset: rule, group, value } = step;
  const { settings } = rule;
  const hit = (reason: string): PresetHit => ({ rule, group, count: 1, fromMs: timeMs, toMs: timeMs, reason });
  switch (settings.preset) {
    case 'any':
      return { hit: hit('an event') };
    case 'blacklist': {
      const listed = value !== undefined && settings.values.has(String(value));
      return listed ? { hit: hit(`${settings.compareKey} is ${shown(value)}, which is on the blacklist`) } : {};
    }
    case 'whitelist': {
      if (value === undefined) return settings.ignoreNull ? {} : { hit: hit(`there is no ${settings.compareKey}`) };
      if (settings.values.has(String(value))) return {};
      return { hit: hit(`${settings.compareKey} is ${shown(value)}, which is not on the whitelist`) };
    }
    case 'change':
      return takeChange(step, settings, state, timeMs);
    case 'new_term':
      return takeTerm(step, settings, state, timeMs, limits);
    case 'frequency':
      return takeCount(step, state, timeMs, limits, countAs(rule, 'event_count', { gte: settings.numEvents }), 'events');
    case 'cardinality':
      if (settings.min === undefined && settings.max !== undefined) {
        const counted = countAs(rule, 'value_count', { gt: settings.max });
        return takeCount(step, state, timeMs, limits, counted, `different values of ${settings.cardinalityField}`);
      }
      return takeWindowed(step, settings, state, timeMs, limits);
    default:
      return takeWindowed(step, settings, state, timeMs, limits);
  }
}

/**
 * Tells what time alone brings about in a group of a preset that fires by silence (`ticks`); at every call as long as it lasts.
 *
 * @param state  undefined for the one group of a preset without query_key that was never asked: it is watched from now on
 * @param nowMs  the time up to which events were read
 */
export function tickPreset(rule: PresetRule, state: PresetState | undefined, nowMs: number): PresetTaken {
  if (!rule.ticks) return { state };
  if (state === undefined)
    return rule.queryKey.length > 0 ? {} : { state: { latestMs: nowMs, entries: [], sinceMs: nowMs, group: {} } };
  const { settings } = rule;
  const verdict = verdictOn(settings, state, nowMs, true);
  const hit: PresetHit | undefined =
    verdict === undefined
      ? undefined
      : { rule, group: state.group ?? {}, fromMs: nowMs - spanOf(settings), toMs: nowMs, ...verdict };
  const over = hit !== undefined && settings.preset === 'flatline' && settings.forgetKeys;
  return { state: over ? undefined : state, hit, keepUntilMs: keptUntil(settings, state) };
}

/** Where a preset is a correlation by another name. */
function countAs(rule: PresetRule, type: 'event_count' | 'value_count', bounds: CorrelationRule['bounds']): CorrelationRule {
  return {
    ...rule,
    kind: 'correlation',
    type,
    rules: [],
    groupBy: [],
    timespanMs: spanOf(rule.settings),
    bounds,
    valueFields: [],
    aliases: {},
    generate: false,
  };
}

function takeCount(
  { preset: rule, group, value }: PresetStep,
  state: PresetState | undefined,
  timeMs: number,
  { events }: PresetLimits,
  correlation: CorrelationRule,
  what: string,
): PresetTaken {
  const entry = { rule: 0, ...(value === undefined ? {} : { value }) };
  const taken = correlate({ correlation, entry, group }, state, timeMs, { ...correlationLimits, events });
  const { completed, lost, keepUntilMs } = taken;
  return {
    state: { ...taken.state, sinceMs: state?.sinceMs ?? timeMs },
    hit: completed && { ...completed, rule, reason: `${completed.count} ${what}` },
    lost,
    keepUntilMs,
  };
}

function takeChange(
  { preset: rule, group, value }: PresetStep,
  { timeframeMs }: Extract<PresetSettings, { preset: 'change' }>,
  state: PresetState | undefined,
  timeMs: number,
): PresetTaken {
  const keepUntilMs = timeframeMs === undefined ? undefined : Math.max(timeMs, state?.latestMs ?? timeMs) + timeframeMs;
  if (state !== undefined && timeMs < state.latestMs) return { state, lost: { late: 1, events: 0 }, keepUntilMs };
  const now = String(value);
  const compared = state !== undefined && (timeframeMs === undefined || timeMs - state.latestMs <= timeframeMs);
  const hit: PresetHit | undefined =
    compared && state.value !== now
      ? { rule, group, count: 1, fromMs: state.latestMs, toMs: timeMs, reason: `${state.value ?? ''} became ${now}` }
      : undefined;
  return { state: { latestMs: timeMs, entries: [], sinceMs: state?.sinceMs ?? timeMs, value: now }, hit, keepUntilMs };
}

function takeWindowed(
  { preset: rule, group, value }: PresetStep,
  settings: PresetSettings,
  state: PresetState | undefined,
  timeMs: number,
  limits: PresetLimits,
): PresetTaken {
  const spanMs = spanOf(settings);
  const latestMs = Math.max(timeMs, state?.latestMs ?? timeMs);
  if (state !== undefined && timeMs < latestMs - spanMs)
    return { state, lost: { late: 1, events: 0 }, keepUntilMs: keptUntil(settings, state) };
  const past = state?.entries ?? [];
  const entries = past.slice(placeAt(past, latestMs - spanMs * (windowsOf(settings) + 1)));
  insert(entries, { timeMs, rule: 0, ...(value === undefined ? {} : { value }) } satisfies Entry);
  // Silence is over once there are as many as the threshold: older ones decide nothing.
  const most = settings.preset === 'flatline' ? Math.min(limits.events, Math.ceil(settings.threshold)) : limits.events;
  const over = Math.max(0, entries.length - most);
  const whole: PresetState = {
    latestMs,
    entries: entries.slice(over),
    sinceMs: Math.min(timeMs, state?.sinceMs ?? timeMs),
    ...(rule.ticks ? { group } : {}),
  };
  const verdict = verdictOn(settings, whole, timeMs, false);
  return {
    state: whole,
    hit: verdict && { rule, group, fromMs: timeMs - spanMs, toMs: timeMs, ...verdict },
    lost: over > 0 && settings.preset !== 'flatline' ? { late: 0, events: over } : undefined,
    keepUntilMs: keptUntil(settings, whole),
  };
}

function spanOf(settings: PresetSettings): number {
  return 'timeframeMs' in settings ? (settings.timeframeMs ?? 0) : 0;
}

function windowsOf({ preset }: PresetSettings): number {
  return preset === 'spike' || preset === 'spike_aggregation' ? 2 : 1;
}

/** Of what fell silent there is something to tell for as long as a window may hold it; of a flatline for ever. */
function keptUntil(settings: PresetSettings, { latestMs }: PresetState): number | undefined {
  return settings.preset === 'flatline' ? undefined : latestMs + spanOf(settings) * (windowsOf(settings) + 1);
}

function shown(value: string | number | undefined): string {
  return JSON.stringify(String(value).slice(0, 100));
}
