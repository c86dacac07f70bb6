import type { AlertStore, Clock } from '../ports.ts';

interface Tending {
  readonly store: Pick<AlertStore, 'write'>;
  readonly clock: Clock;
  readonly rules: () => readonly { readonly name: string; readonly keepsMs?: number }[];
  /** Whether states of such a rule that is none of `rules` may be forgotten once they are too old. */
  readonly passing: (rule: string) => boolean;
  readonly tooOldMs: number;
  readonly mostKeys: number;
  /** Told how many keys each rule remembers. */
  readonly tended: (counts: ReadonlyMap<string, number>) => void;
}

/** Forgets what no event can count with any more. Any replica may. */
export function tendRuleStates({ store, clock, rules: current, passing, tooOldMs, mostKeys, tended }: Tending) {
  return async (): Promise<void> => {
    const nowMs = clock();
    const rules = current();
    const known = new Set(rules.map(({ name }) => name));
    const counts = await store.write(nowMs, async (writing) => {
      for (const { name, keepsMs = 0 } of rules)
        await writing.trimRuleStates(name, nowMs - Math.max(keepsMs, tooOldMs), mostKeys);
      const counts = await writing.countRuleStates();
      for (const name of counts.keys())
        if (!known.has(name) && passing(name)) await writing.trimRuleStates(name, nowMs - tooOldMs, mostKeys);
      return counts;
    });
    tended(new Map(rules.map(({ name }) => [name, counts.get(name) ?? 0])));
  };
}
