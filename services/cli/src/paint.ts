const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;

export type Style = keyof typeof codes;

/** Colours a text, or leaves it as it is where colours are not welcome. Colour never says what no word says. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

export function painter(color: boolean): Paint {
  if (!color) return (text) => text;
  return (text, ...styles) =>
    styles.length === 0 || text === '' ? text : `\x1b[${styles.map((style) => codes[style]).join(';')}m${text}\x1b[0m`;
}

const byStatus: Readonly<Record<string, Style>> = {
  critical: 'red',
  error: 'red',
  high: 'red',
  warning: 'yellow',
  dead: 'red',
  sent: 'green',
  suppressed: 'dim',
  expired: 'dim',
  completed: 'green',
  failed: 'red',
  timed_out: 'red',
  running: 'cyan',
  cancelled: 'yellow',
  paused: 'yellow',
  queued: 'yellow',
  retry_scheduled: 'yellow',
  skipped: 'dim',
  planned: 'dim',
};

export function statusStyle(status: string): Style[] {
  const style = byStatus[status];
  return style === undefined ? [] : [style];
}
