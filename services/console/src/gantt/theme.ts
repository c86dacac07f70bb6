import { kindLook, knownKinds } from '../model/kinds.ts';
import { hasFailed } from '../model/status.ts';

interface KindPaint {
  fill: CanvasPattern | string;
  line: string;
}

/** Colours and patterns of the chart, read from the page's CSS so that both themes have one source. */
export interface ChartTheme {
  ink: string;
  quiet: string;
  bad: string;
  badInk: string;
  onBad: string;
  grid: string;
  ground: string;
  run: string;
  runPale: string;
  critical: string;
  now: string;
  arrow: string;
  breakGround: string;
  gridStrong: string;
  waiting: string;
  font: string;
  /** The pattern and the outline of a kind. */
  kinds: ReadonlyMap<string, KindPaint>;
  /** Of a kind this page does not know. */
  otherKind: KindPaint;
  isBad(status: string): boolean;
}

/** Reads the theme in force. `scale` is how many device pixels a CSS pixel has. */
export function readTheme(context: CanvasRenderingContext2D): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const kinds = new Map(
    knownKinds.map((kind): [string, KindPaint] => {
      const { variable, hatch } = kindLook(kind);
      const line = colour(variable);
      return [kind, { line, fill: hatch === undefined ? line : hatched(context, hatch, line) }];
    }),
  );
  return {
    ink: colour('--ink'),
    quiet: colour('--quiet'),
    bad: colour('--bad-fill'),
    badInk: colour('--bad'),
    onBad: colour('--on-fill'),
    grid: colour('--grid'),
    ground: colour('--surface'),
    run: colour('--kind-run'),
    runPale: colour('--run-pale'),
    critical: colour('--critical'),
    now: colour('--active'),
    arrow: colour('--link'),
    breakGround: colour('--hover'),
    gridStrong: colour('--border'),
    waiting: colour('--kind-queue'),
    font: `11px ${style.getPropertyValue('--font')}`,
    kinds,
    otherKind: kinds.get('unknown') ?? { line: colour('--quiet'), fill: colour('--quiet') },
    isBad: hasFailed,
  };
}

/** The same pattern as `HatchPatterns` makes for SVG: pale ground, strokes over a tile of 8 × 8 px. */
function hatched(context: CanvasRenderingContext2D, strokes: string, colour: string): CanvasPattern | string {
  const sharp = 4;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8 * sharp;
  const brush = tile.getContext('2d');
  if (brush === null) return colour;
  brush.scale(sharp, sharp);
  brush.globalAlpha = 0.22;
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 8, 8);
  brush.globalAlpha = 1;
  brush.strokeStyle = colour;
  brush.lineWidth = 1.6;
  brush.stroke(new Path2D(strokes));
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / sharp));
  return pattern ?? colour;
}
