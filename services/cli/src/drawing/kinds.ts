import type { Style } from '../paint.ts';

/** How a piece of time is drawn: by its sign first, by its colour where there are colours. */
export interface KindLook {
  readonly label: string;
  readonly glyph: string;
  readonly styles: readonly Style[];
}

const looks = new Map<string, KindLook>(
  (
    [
      ['run', 'runs', '█', ['blue']],
      ['span', 'steps below', '─', ['dim']],
      ['queue', 'queue', '░', ['yellow']],
      ['rate_limit', 'rate limit', '▒', ['magenta']],
      ['retry_backoff', 'retry back-off', '┄', ['red']],
      ['timer', 'timer', 't', ['cyan']],
      ['approval', 'approval', 'a', ['yellow']],
      ['external', 'waits for others', 'e', ['cyan']],
      ['debug_paused', 'paused by debugger', 'p', ['magenta']],
      ['orchestration', 'orchestration', '·', ['dim']],
      ['unknown', 'not known', '?', ['dim']],
    ] as const
  ).map(([kind, label, glyph, styles]) => [kind, { label, glyph, styles }]),
);

const other: KindLook = { label: 'other wait', glyph: '?', styles: ['dim'] };

export function kindLook(kind: string): KindLook {
  return looks.get(kind) ?? other;
}

/** The kinds among these that have a look, in the order of a legend. */
export function legendOf(used: ReadonlySet<string>): KindLook[] {
  const known = [...looks].filter(([kind]) => used.has(kind)).map(([, look]) => look);
  return [...used].every((kind) => looks.has(kind)) ? known : [...known, other];
}
