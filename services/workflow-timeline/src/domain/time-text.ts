const units = [
  { ns: 86_400e9, word: 'd', next: { ns: 3_600e9, word: 'h' } },
  { ns: 3_600e9, word: 'h', next: { ns: 60e9, word: 'm' } },
  { ns: 60e9, word: 'm', next: { ns: 1e9, word: 's' } },
] as const;

/** A length of time for people, to about three digits: `850 ns`, `12.4 ms`, `3.08 s`, `4 m 12 s`, `2 h 5 m`. */
export function durationText(ns: number): string {
  if (ns < 0) return `−${durationText(-ns)}`;
  // What rounds up to a minute is a minute: 59.996 s is not "60.0 s".
  const unit = units.find((each) => ns >= each.ns - each.next.ns / 200);
  if (unit !== undefined) {
    const rest = Math.round(ns / unit.next.ns);
    const per = Math.round(unit.ns / unit.next.ns);
    const whole = Math.floor(rest / per);
    return rest % per === 0 ? `${whole} ${unit.word}` : `${whole} ${unit.word} ${rest % per} ${unit.next.word}`;
  }
  if (ns >= 999.5e6) return `${digits(ns / 1e9)} s`;
  if (ns >= 999.5e3) return `${digits(ns / 1e6)} ms`;
  if (ns >= 999.5) return `${digits(ns / 1e3)} µs`;
  return ns === 0 ? '0 s' : `${Math.max(1, Math.round(ns))} ns`;
}

/** Three digits, without zeros that say nothing: 12.0 → 12, 3.084 → 3.08. */
function digits(value: number): string {
  return String(Number(value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)));
}

const steps = [
  ...[1, 1e3, 1e6].flatMap((scale) => [1, 2, 5, 10, 20, 50, 100, 200, 500].map((each) => each * scale)),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * 1e9),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * 60e9),
  ...[1, 2, 3, 6, 12].map((each) => each * 3_600e9),
  ...[1, 2, 7, 14, 30, 90, 365].map((each) => each * 86_400e9),
];

/** Round lengths of time from `fromNs` to `toNs`, at most `most` of them. */
export function ticksBetween(fromNs: number, toNs: number, most: number): number[] {
  const length = toNs - fromNs;
  if (!(length > 0) || most < 2) return [fromNs];
  const step = steps.find((each) => length / each < most - 1) ?? length / (most - 1);
  const ticks: number[] = [];
  for (let at = Math.ceil(fromNs / step) * step; at <= toNs && ticks.length < most; at += step) ticks.push(at);
  return ticks;
}
