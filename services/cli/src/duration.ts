const units = [
  { ns: 86_400e9, word: 'd', rest: 3_600e9, restWord: 'h' },
  { ns: 3_600e9, word: 'h', rest: 60e9, restWord: 'm' },
  { ns: 60e9, word: 'm', rest: 1e9, restWord: 's' },
] as const;

/** A length of time for people, to about three digits: `850 ns`, `12.4 ms`, `3.08 s`, `4 m 12 s`, `2 h 5 m`. */
export function durationText(ns: number): string {
  if (ns < 0) return `-${durationText(-ns)}`;
  // What rounds up to a minute is a minute.
  const unit = units.find((each) => ns >= each.ns - each.rest / 200);
  if (unit !== undefined) {
    const rest = Math.round(ns / unit.rest);
    const per = Math.round(unit.ns / unit.rest);
    const whole = `${Math.floor(rest / per)} ${unit.word}`;
    return rest % per === 0 ? whole : `${whole} ${rest % per} ${unit.restWord}`;
  }
  if (ns >= 999.5e6) return `${digits(ns / 1e9)} s`;
  if (ns >= 999.5e3) return `${digits(ns / 1e6)} ms`;
  if (ns >= 999.5) return `${digits(ns / 1e3)} µs`;
  return ns === 0 ? '0 s' : `${Math.round(ns)} ns`;
}

function digits(value: number): string {
  return String(Number(value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)));
}

/** How long ago, in one unit: `now`, `12 s ago`, `3 h ago`. */
export function agoText(thenMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - thenMs) / 1000);
  const size = Math.abs(seconds);
  if (size < 2) return 'now';
  const text =
    size < 100
      ? `${size} s`
      : size < 6000
        ? `${Math.round(size / 60)} min`
        : size < 172_800
          ? `${Math.round(size / 3600)} h`
          : `${Math.round(size / 86_400)} d`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}
