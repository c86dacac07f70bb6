import type { Clock } from '../ports.ts';

/** How often rules hit since the process began, by namespace; the least lately hit are forgotten when there are too many. */
export interface RuleHits {
  add(namespace: string, rule: string, atMs: number): void;
  of(namespace: string, rule: string): { readonly hits: number; readonly lastMs: number } | undefined;
}

const most = 50_000;

export function ruleHits(clock: Clock): RuleHits {
  const known = new Map<string, { hits: number; lastMs: number }>();
  const nameOf = (namespace: string, rule: string): string => `${namespace} ${rule}`;
  return {
    add(namespace, rule, atMs) {
      const name = nameOf(namespace, rule);
      const before = known.get(name);
      const lastMs = Math.max(before?.lastMs ?? 0, Math.min(atMs, clock()));
      known.delete(name);
      known.set(name, { hits: (before?.hits ?? 0) + 1, lastMs });
      if (known.size > most) known.delete(known.keys().next().value ?? '');
    },
    of: (namespace, rule) => known.get(nameOf(namespace, rule)),
  };
}
