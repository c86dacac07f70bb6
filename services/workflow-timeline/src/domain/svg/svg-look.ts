// Colours and shapes of the picture: those of the console (services/console/src/styles/tokens.css), where colour is never alone.

export const svgThemes = ['light', 'dark', 'contrast'] as const;
export type SvgTheme = (typeof svgThemes)[number];

export interface Palette {
  readonly ground: string;
  readonly stripe: string;
  readonly ink: string;
  readonly quiet: string;
  readonly grid: string;
  readonly run: string;
  readonly pale: string;
  readonly bad: string;
  readonly onFill: string;
  readonly critical: string;
  readonly kinds: Readonly<Record<string, string>>;
}

export const palettes: Readonly<Record<SvgTheme, Palette>> = {
  light: {
    ground: '#ffffff',
    stripe: '#f4f6f9',
    ink: '#16202e',
    quiet: '#556273',
    grid: '#e6eaf0',
    run: '#3f6fcf',
    pale: '#dde4ee',
    bad: '#c62836',
    onFill: '#ffffff',
    critical: '#16202e',
    kinds: {
      queue: '#a8700a',
      rate_limit: '#9036b0',
      retry_backoff: '#bb4d16',
      timer: '#0d7f82',
      approval: '#b82a76',
      external: '#6b6d14',
      orchestration: '#5c6c82',
      debug_paused: '#4c44b8',
      unknown: '#7b8594',
    },
  },
  dark: {
    ground: '#12171f',
    stripe: '#171d27',
    ink: '#e4e9f0',
    quiet: '#98a4b5',
    grid: '#222a35',
    run: '#5c8ef0',
    pale: '#2b3542',
    bad: '#e5545e',
    onFill: '#ffffff',
    critical: '#f4f7fb',
    kinds: {
      queue: '#d9a33a',
      rate_limit: '#c583e3',
      retry_backoff: '#f08a4e',
      timer: '#3fbcbf',
      approval: '#ee79b3',
      external: '#b9bb4e',
      orchestration: '#8b9bb2',
      debug_paused: '#9d96f5',
      unknown: '#8b95a4',
    },
  },
  contrast: {
    ground: '#000000',
    stripe: '#1b1b1b',
    ink: '#ffffff',
    quiet: '#e0e0e0',
    grid: '#5c5c5c',
    run: '#7aa5ff',
    pale: '#3d4a5c',
    bad: '#ff5c6c',
    onFill: '#000000',
    critical: '#ffffff',
    kinds: {
      queue: '#f0bc55',
      rate_limit: '#d9a0f2',
      retry_backoff: '#ff9f66',
      timer: '#57d6d9',
      approval: '#ff93c6',
      external: '#d2d465',
      orchestration: '#b3c1d6',
      debug_paused: '#b9b3ff',
      unknown: '#b4bdc9',
    },
  },
};

/** How a kind of waiting is hatched: strokes over a tile of 8 × 8 px. */
const hatches: Readonly<Record<string, { readonly label: string; readonly strokes: string }>> = {
  queue: { label: 'queue', strokes: 'M-2 2 2-2M0 8 8 0M6 10 10 6' },
  rate_limit: { label: 'rate limit', strokes: 'M-2 6 2 10M0 0 8 8M6-2 10 2' },
  retry_backoff: { label: 'retry back-off', strokes: 'M0 0 8 8M8 0 0 8' },
  timer: { label: 'timer', strokes: 'M2 0V8M6 0V8' },
  approval: { label: 'approval', strokes: 'M0 2H8M0 6H8' },
  external: { label: 'outside system', strokes: 'M0 4H8M4 0V8' },
  orchestration: { label: 'orchestration', strokes: 'M4 0V8' },
  debug_paused: { label: 'paused by debugger', strokes: 'M0 4H8' },
  unknown: { label: 'not known', strokes: 'M0 8 8 0' },
};

/** The kind whose look a kind of waiting has; an engine's own kind looks like `unknown`. */
export function waitLook(kind: string): string {
  return kind in hatches ? kind : 'unknown';
}

export function waitLabel(kind: string): string {
  return hatches[kind]?.label ?? kind.replaceAll('_', ' ');
}

/** The patterns of the given looks. */
export function hatchPatterns(looks: Iterable<string>, palette: Palette): string {
  return [...looks]
    .map((look) => {
      const colour = palette.kinds[look] ?? palette.quiet;
      return (
        `<pattern id="w-${look}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${palette.ground}"/>` +
        `<rect width="8" height="8" fill="${colour}" fill-opacity="0.22"/><path d="${hatches[look]?.strokes ?? ''}" stroke="${colour}" stroke-width="1.6" fill="none"/></pattern>`
      );
    })
    .join('');
}

/** What a bar of a status looks like: its body, and the sign on it. */
export interface StatusLook {
  readonly body: 'solid' | 'pale' | 'dashed';
  readonly colour: 'run' | 'bad' | 'quiet';
  /** A path around 0,0, 6 px wide. */
  readonly sign: string | undefined;
}

const statusLooks: Readonly<Record<string, StatusLook>> = {
  completed: { body: 'solid', colour: 'run', sign: undefined },
  running: { body: 'solid', colour: 'run', sign: undefined },
  failed: { body: 'solid', colour: 'bad', sign: 'M-2.8-2.8 2.8 2.8M2.8-2.8-2.8 2.8' },
  timed_out: { body: 'solid', colour: 'bad', sign: 'M-2.8-3H2.8L-2.8 3H2.8Z' },
  cancelled: { body: 'pale', colour: 'quiet', sign: 'M-3 3 3-3' },
  skipped: { body: 'dashed', colour: 'quiet', sign: 'M-3-3 0 0-3 3M0-3 3 0 0 3' },
  paused: { body: 'pale', colour: 'run', sign: 'M-1.6-3V3M1.6-3V3' },
};

const notBegun: StatusLook = { body: 'dashed', colour: 'quiet', sign: undefined };

export function statusLook(status: string): StatusLook {
  return statusLooks[status] ?? notBegun;
}
