// Two rules that cannot be wrong for the same reason, about the same: that is as sure as detection gets.
import { formatInstant } from '../instant.ts';
import { cut, leastFiringMs, type HitSeen, type Rule } from '../rules/rule.ts';
import type { RuleFamily } from './hit.ts';
import { isAlert } from './rule-alerts.ts';
import { severityOf } from './severity-policy.ts';

export const corroboratedName = 'CorroboratedThreat';

/** What one rule found about it lately. */
interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly family: RuleFamily;
  readonly events: readonly string[];
  readonly atMs: number;
}

export interface CorroborationState {
  /** The latest last. */
  readonly findings: readonly Finding[];
  /** It fires, or did: for which rules, from when to when. */
  readonly fires?: { readonly sinceMs: number; readonly untilMs: number; readonly rules: string };
}

const windowMs = 10 * 60_000;
const [mostRules, mostEvents] = [16, 32];
/** Whom two rules may agree about; a host sees too many who have nothing to do with each other. */
const about: readonly string[] = ['user', 'source_ip', 'session'];

/**
 * The rule that is met by rules.
 *
 *   C1  it fires, critical, when rules of two families hit the same user, address or session of a namespace within ten minutes
 *   C2  rules that met one and the same event in that time are not independent: they may both be wrong about it
 *   C3  what says no more than info, and a rule that people found wrong lately, corroborates nothing
 */
export function corroboration({ firesForMs }: { firesForMs: number }): Rule<CorroborationState> {
  const holdMs = Math.max(firesForMs, leastFiringMs);
  return {
    name: corroboratedName,
    keepsMs: holdMs + windowMs,
    keysOf(event) {
      if (event.about !== 'hit' || !isAlert(event.hit) || event.disputed?.has(event.hit.rule.id) === true) return [];
      if (severityOf(event.hit.rule, false).severity === 'info') return [];
      const { namespace, hit } = event;
      return about.flatMap((name) => {
        const value = hit.entities[name];
        return value === undefined ? [] : [`${namespace} ${name} ${value}`];
      });
    },
    see(before, key, event, nowMs) {
      if (event.about !== 'hit') return { state: before ?? { findings: [] }, alerts: [] };
      const { findings, own } = withFinding(before?.findings ?? [], event);
      const other = findings.findLast((each) => each !== own && each.family !== own.family && areApart(each, own));
      const state = { ...before, findings };
      if (other === undefined) return { state, alerts: [] };
      const rules = [other.rule, own.rule].toSorted().join(' ');
      const fires = before?.fires;
      const goesOn = fires !== undefined && nowMs < fires.untilMs;
      // The same pair says nothing more until half of its time is over.
      if (goesOn && fires.rules === rules && fires.untilMs - nowMs > holdMs / 2) return { state, alerts: [] };
      const next = { sinceMs: goesOn ? fires.sinceMs : nowMs, untilMs: nowMs + holdMs, rules };
      const [, name = '', value = ''] = /^\S+ (\S+) (.*)$/s.exec(key) ?? [];
      return { state: { ...state, fires: next }, alerts: [madeOf(event, { name, value }, [other, own], next)] };
    },
  };
}

function withFinding(known: readonly Finding[], { hit, atMs }: HitSeen): { findings: Finding[]; own: Finding } {
  const young = known.filter((each) => Math.abs(each.atMs - atMs) <= windowMs);
  const mine = young.find(({ rule }) => rule === hit.rule.id);
  const own: Finding = {
    rule: hit.rule.id,
    title: hit.rule.title,
    family: hit.rule.family,
    events: [...new Set([...(mine?.events ?? []), ...hit.events])].slice(-mostEvents),
    atMs: Math.max(atMs, mine?.atMs ?? atMs),
  };
  return { findings: [...young.filter((each) => each !== mine), own].slice(-mostRules), own };
}

const areApart = (a: Finding, b: Finding): boolean => new Set(a.events).isDisjointFrom(new Set(b.events));

function madeOf(
  { namespace, disputed }: HitSeen,
  { name, value }: { readonly name: string; readonly value: string },
  found: readonly Finding[],
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
) {
  const named = found.map(({ title, family, rule }) => `"${title}" (${family}, ${rule})`).join(' and ');
  const who = `${name.replaceAll('_', ' ')} ${value}`;
  const { severity, reason } = severityOf(
    { level: 'critical', status: 'stable', statistical: false },
    disputed?.has(corroboratedName) === true,
  );
  const posted = {
    labels: {
      alertname: corroboratedName,
      tmws_source: 'detection',
      severity,
      rule_id: corroboratedName,
      rule_kind: 'built_in',
      [name]: cut(value, 256),
    },
    annotations: {
      summary: cut(`two independent rules found ${who} within 10m: ${named}`, 1000),
      description: 'Rules of two families agree over different events.',
      ...(reason !== '' && { severity_reason: reason }),
      rules: cut(found.map(({ rule }) => rule).join(', '), 1000),
      events: cut(found.map(({ title, events }) => `${title}: ${events.slice(-5).join(', ')}`).join('\n'), 4000),
    },
    startsAt: formatInstant(sinceMs),
    endsAt: formatInstant(untilMs),
  };
  return { namespace, posted };
}
