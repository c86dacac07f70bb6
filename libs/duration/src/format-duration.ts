const units = [
  { ns: 86_400e9, word: 'd', next: { ns: 3_600e9, word: 'h' } },
  { ns: 3_600e9, word: 'h', next: { ns: 60e9, word: 'm' } },
  { ns: 60e9, word: 'm', next: { ns: 1e9, word: 's' } },
] as const;

/**
 * A length of time for people, to about three digits: `850 ns`, `12.4 ms`, `3.08 s`, `4 m 12 s`, `2 h 5 m`. Below 0 it has a minus (U+2212);
 * only nothing at all is `0 s`.
 */
export function formatDuration(ns: number): string {
  if (ns < 0) return `−${formatDuration(-ns)}`;
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

/** A length that changes each second before one's eyes: whole seconds, so that the digits do not dance. Below 0 it is `0 s`. */
export function formatRunning(ns: number): string {
  return formatDuration(Math.floor(Math.max(0, ns) / 1e9) * 1e9);
}

/** Three digits, without zeros that say nothing: 12.0 → 12, 3.084 → 3.08. */
function digits(value: number): string {
  return String(Number(value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)));
}
