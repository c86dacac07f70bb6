// Every key of the console, once. A page says what its keys do with `useKeys({ next: () => … })`; what is possible now is in the `?` sheet.
//
// `keys` is what a person presses: `KeyboardEvent.key` as it is typed (`?`, not Shift+/), `g e` one after the other, `Shift+N` for a letter.

export type KeyGroup = 'Everywhere' | 'Go to' | 'Lists' | 'Alerts' | 'Timeline';

export interface KeyEntry {
  readonly keys: string;
  /** What it does, as the sheet has it. */
  readonly does: string;
  readonly group: KeyGroup;
}

const entry = (group: KeyGroup, keys: string, does: string): KeyEntry => ({ group, keys, does });

export const keyTable = {
  search: entry('Everywhere', '/', 'Search executions'),
  help: entry('Everywhere', '?', 'Show these keys'),
  rail: entry('Everywhere', '[', 'Fold or unfold the rail'),
  operations: entry('Everywhere', ']', 'Open or close Operations'),
  back: entry('Everywhere', 'Escape', 'One level back'),
  copyAs: entry('Everywhere', 'c', 'Copy as link, curl, command, JSON or picture'),
  live: entry('Everywhere', 'l', 'Follow live, or pause'),
  goExecutions: entry('Go to', 'g e', 'Executions'),
  goAlerts: entry('Go to', 'g a', 'Alerts'),
  goAudit: entry('Go to', 'g u', 'Audit'),
  next: entry('Lists', 'j', 'Next'),
  previous: entry('Lists', 'k', 'Previous'),
  open: entry('Lists', 'Enter', 'Open'),
  failuresOnly: entry('Lists', 'f', 'Failures only'),
  select: entry('Lists', 'x', 'Select, or not'),
  acknowledge: entry('Alerts', 'a', 'Acknowledge'),
  silence: entry('Alerts', 's', 'Silence'),
  own: entry('Alerts', 'o', 'Make them mine'),
  runbook: entry('Alerts', 'u', 'Open the runbook'),
  nextFailure: entry('Timeline', 'n', 'Next failure'),
  previousFailure: entry('Timeline', 'Shift+N', 'Previous failure'),
  zoomIn: entry('Timeline', '+', 'Zoom in'),
  zoomOut: entry('Timeline', '-', 'Zoom out'),
  zoomFit: entry('Timeline', '0', 'Show the whole execution'),
  criticalOnly: entry('Timeline', 'p', 'Critical path only'),
  compressIdle: entry('Timeline', 'w', 'Compress idle time'),
  explain: entry('Timeline', 'e', 'Explain the step'),
} as const satisfies Record<string, KeyEntry>;

export type KeyAction = keyof typeof keyTable;

/** What a key event is called in the table; undefined for those that belong to the browser or the system. */
export function nameOfKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return event.shiftKey && /^\p{L}$/u.test(event.key) ? `Shift+${event.key.toUpperCase()}` : event.key;
}

/** Whether it is a character, which speech input or a slip may type: these can be switched off (WCAG 2.1.4). */
export const isCharacter = (name: string): boolean => /^(Shift\+)?.$/u.test(name);

/** Time for the second key of two. */
export const chordMs = 1_500;

export interface KeyReader {
  /** The action of a key pressed at `atMs`; `waiting` after the first key of two. */
  read(name: string, atMs: number): KeyAction | 'waiting' | undefined;
}

/** Reads keys one after the other. */
export function createKeyReader(table: Readonly<Record<string, KeyEntry>> = keyTable): KeyReader {
  const actions = new Map(Object.entries(table).map(([action, { keys }]) => [keys, action as KeyAction]));
  const firsts = new Set([...actions.keys()].filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]));
  let first: { name: string; untilMs: number } | undefined;
  return {
    read(name, atMs) {
      const before = first !== undefined && atMs <= first.untilMs ? first.name : undefined;
      first = undefined;
      if (before !== undefined) return actions.get(`${before} ${name}`);
      if (!firsts.has(name)) return actions.get(name);
      first = { name, untilMs: atMs + chordMs };
      return 'waiting';
    },
  };
}
