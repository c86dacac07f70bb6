/** What time on a bar was spent on. `var` names the colour (`--kind-…`), `hatch` the pattern: strokes over a tile of 8 × 8 px; none = solid. */
export interface KindLook {
  label: string;
  variable: string;
  hatch: string | undefined;
}

const look = (label: string, name: string, hatch?: string): KindLook => ({ label, variable: `--kind-${name}`, hatch });

const looks: Readonly<Record<string, KindLook>> = {
  run: look('work', 'run'),
  queue: look('queue', 'queue', 'M-2 2 2-2M0 8 8 0M6 10 10 6'),
  rate_limit: look('rate limit', 'rate-limit', 'M-2 6 2 10M0 0 8 8M6-2 10 2'),
  retry_backoff: look('retry back-off', 'retry-backoff', 'M0 0 8 8M8 0 0 8'),
  timer: look('timer', 'timer', 'M2 0V8M6 0V8'),
  approval: look('approval', 'approval', 'M0 2H8M0 6H8'),
  external: look('outside system', 'external', 'M0 4H8M4 0V8'),
  orchestration: look('orchestration', 'orchestration', 'M4 0V8'),
  debug_paused: look('paused by debugger', 'debug-paused', 'M0 4H8'),
  unknown: look('not known', 'unknown', 'M0 8 8 0'),
};

/** The kinds this page draws in a way of their own, as they come in a legend. */
export const knownKinds: readonly string[] = Object.keys(looks);

/** The look of a kind; an engine's own kind is drawn as `unknown` under its own name. */
export function kindLook(kind: string): KindLook {
  return looks[kind] ?? { ...look(kind.replaceAll('_', ' '), 'unknown'), hatch: 'M0 8 8 0' };
}
