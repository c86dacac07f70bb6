// Presets as rules with state by key: events that met a preset's filter go in, what it makes of their amounts is a hit.
import { type PresetRule, presetSteps, type PresetState, takePreset, tickPreset } from '@tmws/detection';
import { createHash } from 'node:crypto';
import type { HitSeen, Rule } from '../rules/rule.ts';
import type { Hit, RunningRule } from './hit.ts';
import { entitiesIn } from './observed-event.ts';

interface GroupState {
  /** Absent: nothing is to be remembered. */
  readonly state?: PresetState;
  readonly seen: readonly string[];
}

export const presetPrefix = 'preset ';
const [mostEvents, dayMs] = [32, 86_400_000];
/** Events kept for a group. */
const limits = { events: 2_000 };
/** Silence is looked for again every minute: its alert ends soon after the silence. */
const silenceForMs = 5 * 60_000;

/** Kinds that weigh an amount against what is usual, or a measure: likely, never certain. */
const statistical: ReadonlySet<string> = new Set([
  'spike',
  'spike_aggregation',
  'metric_aggregation',
  'percentage_match',
  'flatline',
  'new_term',
]);
export const isStatistical = ({ settings }: PresetRule): boolean => statistical.has(settings.preset);

/** Kinds that need one event. */
const decidesAlone: ReadonlySet<string> = new Set(['any', 'blacklist', 'whitelist', 'change']);

/** A preset as a rule. Its name changes with what it looks for, so that a changed preset begins anew and any other goes on. */
export function presetting(preset: PresetRule, running: RunningRule): Rule<GroupState> {
  const stepsOf = ({ hit }: HitSeen) =>
    hit.candidate === true && hit.met?.rule === preset ? presetSteps(preset, hit.met.view) : [];
  const hitOf = (group: Readonly<Record<string, string>>, reason: string, more: Partial<Hit>): Hit => ({
    ...{ rule: running, fields: group, events: [], counted: reason, entities: {} },
    ...more,
    // What counts over all events is about nobody; what each event decides by itself is about whom the event is about.
    ...(Object.keys(group).length > 0 && { entities: entitiesIn(group) }),
  });
  return {
    name: `${presetPrefix}${running.id} ${digestOf(preset)}`,
    keepsMs: keepsMsOf(preset),
    keysOf: (event) => (event.about === 'hit' ? [...new Set(stepsOf(event).map(({ key }) => keyIn(event.namespace, key)))] : []),
    see(before, key, event) {
      if (event.about !== 'hit') return { state: before ?? empty, alerts: [] };
      const { hit, namespace, atMs } = event;
      const own = hit.events.at(-1) ?? '';
      // An event that is on the log twice counts once.
      if (before?.seen.includes(own) === true) return { state: before, alerts: [] };
      const seen = [...(before?.seen ?? []), own].slice(-mostEvents);
      const then: HitSeen[] = [];
      let state = before?.state;
      let lost = 0;
      for (const step of stepsOf(event)) {
        if (keyIn(namespace, step.key) !== key) continue;
        const taken = takePreset(step, state, atMs, limits);
        state = taken.state;
        lost += (taken.lost?.late ?? 0) + (taken.lost?.events ?? 0);
        if (taken.hit === undefined) continue;
        const { met } = hit;
        const entities = decidesAlone.has(preset.settings.preset) ? hit.entities : {};
        // What it counted is behind the hit, as far as it is known.
        const found = hitOf(taken.hit.group, taken.hit.reason, { entities, events: seen, ...(met !== undefined && { met }) });
        then.push({ ...event, hit: found });
      }
      return { state: { ...(state !== undefined && { state }), seen }, alerts: [], then, ...(lost > 0 && { lost }) };
    },
    ...(preset.ticks && {
      alone: preset.queryKey.length === 0,
      tick(before, key, nowMs) {
        const taken = tickPreset(preset, before?.state, nowMs);
        const state = { ...(taken.state !== undefined && { state: taken.state }), seen: before?.seen ?? [] };
        if (taken.hit === undefined) return { state, alerts: [] };
        const at = { source: '/tmws/alerting', id: `silence ${running.id} ${nowMs}`, type: 'silence', atMs: nowMs };
        const found = hitOf(taken.hit.group, taken.hit.reason, { events: [`${at.source} ${at.id}`], firesForMs: silenceForMs });
        return { state, alerts: [], then: [{ about: 'hit', hit: found, namespace: key.slice(0, key.indexOf(' ')), ...at }] };
      },
    }),
  };
}

const empty: GroupState = { seen: [] };

const keyIn = (namespace: string, key: string): string => `${namespace} ${key}`;

/** As long as anything in a state may matter; what has no time of its own, a month. */
function keepsMsOf({ settings }: PresetRule): number {
  if (settings.preset === 'flatline') return 30 * dayMs;
  if ('windowMs' in settings) return settings.windowMs + dayMs;
  return 'timeframeMs' in settings && settings.timeframeMs !== undefined ? 3 * settings.timeframeMs : 30 * dayMs;
}

function digestOf({ settings, queryKey }: PresetRule): string {
  const counted = JSON.stringify([settings, queryKey], (name, value: unknown) =>
    value instanceof Set ? [...(value as Set<unknown>)] : name === 'bucket' ? undefined : value,
  );
  return createHash('sha256').update(counted).digest('hex').slice(0, 12);
}
