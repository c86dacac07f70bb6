import type { AlertStore, Clock } from '../ports.ts';

interface Tending {
  readonly store: Pick<AlertStore, 'write'>;
  readonly clock: Clock;
  readonly rules: readonly { readonly name: string }[];
  readonly tooOldMs: number;
  readonly mostKeys: number;
  /** Told how many keys each rule remembers. */
  readonly tended: (counts: ReadonlyMap<string, number>) => void;
}

/** Forgets what no event can count with any more. Any replica may. */
export function tendRuleStates({ store, clock, rules, tooOldMs, mostKeys, tended }: Tending) {
  return async (): Promise<void> => {
    const nowMs = clock();
    const counts = await store.write(nowMs, async (writing) => {
      for (const { name } of rules) await writing.trimRuleStates(name, nowMs - tooOldMs, mostKeys);
      return await writing.countRuleStates();
    });
    tended(new Map(rules.map(({ name }) => [name, counts.get(name) ?? 0])));
  };
}
