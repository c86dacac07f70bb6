const units: readonly (readonly [unitMs: number, word: string])[] = [
  [86_400e3, 'd'],
  [3_600e3, 'h'],
  [60e3, 'min'],
  [1e3, 's'],
];

/** How long something lasts, in its two largest units; seconds only by themselves: `42 s`, `3 min`, `2 h 4 min`, `3 d 2 h`. */
export function ageWords(ms: number): string {
  const at = units.findIndex(([unitMs]) => ms >= unitMs);
  const [unitMs, word] = units[at] ?? [1e3, 's'];
  const whole = Math.floor(Math.max(0, ms) / unitMs);
  const [nextMs, nextWord] = units[at + 1] ?? [0, ''];
  const rest = nextMs >= 60e3 && at >= 0 ? Math.floor((ms - whole * unitMs) / nextMs) : 0;
  return rest === 0 ? `${whole} ${word}` : `${whole} ${word} ${rest} ${nextWord}`;
}
