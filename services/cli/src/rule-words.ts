import type { RefusedRuleJson, VerdictsJson } from '@tmws/contracts';

/** A share as people read it: `37 %`, with a digit more below one. */
export function shareText(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** What proto3 JSON writes for a double. */
export const realOf = (value: number | string | undefined): number => Number(value ?? 0);

/** `0 of 14, ≤ 19 %`: what was judged false, and the bound of that rate; empty where nobody judged. */
export function falseText({ truePositives = 0, falsePositives = 0, falsePositiveBound }: VerdictsJson = {}): string {
  const judged = truePositives + falsePositives;
  return judged === 0 ? '' : `${falsePositives} of ${judged}, ≤ ${shareText(realOf(falsePositiveBound))}`;
}

/** `refused: sign-in/guessed.yml:3: …`, a line for each fault. */
export function refusedLines(refused: readonly RefusedRuleJson[] = []): string[] {
  return refused.flatMap(({ source = '', faults = [] }) =>
    faults.map(({ line = 0, path = '', message = '' }) => {
      const place = [source, ...(line > 0 ? [String(line)] : [])].filter(Boolean).join(':');
      return ['refused', place, path, message].filter(Boolean).join(': ');
    }),
  );
}
