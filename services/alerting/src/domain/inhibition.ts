// Inhibition: while an alert fires, others are muted.
import { type Alert, isResolved } from './alert.ts';
import { compareText } from './go-text.ts';
import { type LabelSet, labelValue } from './label-set.ts';
import { type Matcher, matchesAll } from './matcher.ts';

/** While an alert that matches `source` fires, alerts that match `target` and agree with it on `equal` are muted. */
export interface InhibitRule {
  readonly name: string;
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  /** Labels; both lacking one is agreement. */
  readonly equal: readonly string[];
}

/** Who mutes an alert, and by which rule. */
export interface Inhibition {
  readonly rule: string;
  readonly fingerprint: string;
}

/** Alerts that may mute others, found by the labels on which they must agree. */
export interface InhibitionIndex {
  /** Puts an alert in, or in the place of an earlier one of its fingerprint. */
  set(alert: Alert): void;
  delete(fingerprint: string): void;
  inhibitions(target: Pick<Alert, 'labels' | 'fingerprint'>, nowMs: number): Inhibition[];
}

/**
 * An index for rules, without alerts.
 *
 *   I1  `inhibitions` names at most one source a rule: the first of those that fire, by fingerprint
 *   I2  an alert that matches both sides of a rule is not muted, by that rule, by one that matches both too; so no alert mutes itself
 *   I3  a resolved alert mutes nothing
 *   I4  the answer is that of looking at every alert, at the cost of looking at those that agree on `equal`
 */
export function inhibitionIndex(rules: readonly InhibitRule[]): InhibitionIndex {
  const indexed = rules.map((rule) => ({ rule, sources: new Map<string, Map<string, Source>>() }));
  const places = new Map<string, string[]>();
  const remove = (fingerprint: string): void => {
    places.get(fingerprint)?.forEach((key, index) => {
      const sources = indexed[index]?.sources;
      const bucket = sources?.get(key);
      bucket?.delete(fingerprint);
      if (bucket?.size === 0) sources?.delete(key);
    });
    places.delete(fingerprint);
  };
  return {
    set: (alert) => {
      remove(alert.fingerprint);
      const keys = indexed.map(({ rule, sources }) => {
        const key = keyOf(rule.equal, alert.labels);
        if (!matchesAll(rule.source, alert.labels)) return key;
        const bucket = sources.get(key) ?? new Map<string, Source>();
        bucket.set(alert.fingerprint, { alert, isTarget: matchesAll(rule.target, alert.labels) });
        sources.set(key, bucket);
        return key;
      });
      places.set(alert.fingerprint, keys);
    },
    delete: remove,
    inhibitions: (target, nowMs) =>
      indexed.flatMap(({ rule, sources }) => {
        if (sources.size === 0 || !matchesAll(rule.target, target.labels)) return [];
        const bucket = sources.get(keyOf(rule.equal, target.labels));
        if (bucket === undefined) return [];
        const bothSides = matchesAll(rule.source, target.labels);
        let first: string | undefined;
        for (const [fingerprint, { alert, isTarget }] of bucket) {
          if (isResolved(alert, nowMs) || (bothSides && isTarget) || fingerprint === target.fingerprint) continue;
          if (first === undefined || compareText(fingerprint, first) < 0) first = fingerprint;
        }
        return first === undefined ? [] : [{ rule: rule.name, fingerprint: first }];
      }),
  };
}

interface Source {
  readonly alert: Alert;
  readonly isTarget: boolean;
}

const keyOf = (names: readonly string[], labels: LabelSet): string =>
  JSON.stringify(names.map((name) => labelValue(labels, name)));
