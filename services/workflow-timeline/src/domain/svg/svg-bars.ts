import { formatDuration } from '@tmws/duration';
import { type Drawing, type Layout, px, rowName } from './svg-drawing.ts';
import { type Palette, statusLook, waitLabel, waitLook } from './svg-look.ts';
import { xmlText } from './svg-text.ts';

interface Shapes {
  readonly shapes: readonly string[];
  /** What a legend has to explain. */
  readonly looks: ReadonlySet<string>;
  readonly statuses: ReadonlySet<string>;
  readonly openBars: boolean;
}

const barHeight = 12;
const stripHeight = 8;

/** The bars of a drawing, each with a `<title>`; waits over them. */
export function barShapes(drawing: Drawing, layout: Layout, palette: Palette): Shapes {
  const { chart, detail } = drawing;
  const { bars } = detail;
  const looks = new Set<string>();
  const statuses = new Set<string>();
  let openBars = false;
  const shapes = Array.from(bars.bar, (bar, drawn) => {
    const row = bars.row[drawn] ?? 0;
    const from = bars.from[drawn] ?? Number.NaN;
    if (Number.isNaN(from)) return '';
    const strip = (detail.plan.steps[row] ?? 0) > 0;
    const height = strip ? stripHeight : barHeight;
    const y = layout.top + row * layout.rowHeight + (layout.rowHeight - height) / 2;
    const status = chart.statuses[chart.bars.status[bar] ?? 0] ?? '';
    const open = bars.open[drawn] === 1;
    statuses.add(status);
    openBars ||= open && status === 'running';
    const run = (bars.count[drawn] ?? 1) > 1;
    const waits = run ? '' : waitShapes(drawing, layout, palette, { bar, y, height, end: bars.to[drawn] ?? from }, looks);
    // In a strip what failed is drawn below what did not, at the same time.
    const below = strip && run && statusLook(status).colour === 'bad';
    const place = below ? { y: y + height / 2, height: height / 2 } : { y, height };
    const body = bodyOf(drawing, layout, palette, { drawn, ...place, status, open: open && status === 'running' });
    return `<g><title>${xmlText(titleOf(drawing, drawn, status))}</title>${body}${waits}</g>`;
  });
  return { shapes, looks, statuses, openBars };
}

interface Body {
  readonly drawn: number;
  readonly y: number;
  readonly height: number;
  readonly status: string;
  readonly open: boolean;
}

function bodyOf(
  { chart, detail }: Drawing,
  { x, right }: Layout,
  palette: Palette,
  { drawn, y, height, status, open }: Body,
): string {
  const { bars } = detail;
  const [from, to] = [bars.from[drawn] ?? 0, bars.to[drawn] ?? 0];
  const left = x(from);
  const width = Math.max(1.5, x(to) - left);
  const { body, colour } = statusLook(status);
  const fill = body === 'solid' ? palette[colour] : body === 'pale' ? palette.pale : 'none';
  const critical = chart.bars.critical[bars.bar[drawn] ?? 0] === 1;
  const line = critical
    ? ` stroke="${palette.critical}" stroke-width="2"`
    : body === 'solid'
      ? ''
      : ` stroke="${palette[colour]}"${body === 'dashed' ? ' stroke-dasharray="3 2"' : ''}`;
  // The fuller a run is, the darker.
  const count = bars.count[drawn] ?? 1;
  const full = to > from ? Math.min(1, (bars.covered[drawn] ?? 0) / (to - from)) : 1;
  const opacity = count > 1 && full < 0.99 ? ` fill-opacity="${(0.35 + 0.65 * full).toFixed(2)}"` : '';
  const rect = `<rect x="${px(left)}" y="${y}" width="${px(width)}" height="${height}" rx="${px(Math.min(2, width / 2))}" fill="${fill}"${opacity}${line}/>`;
  const torn = open ? `<path d="M${px(left + width)} ${y}l5 ${height / 2}-5 ${height / 2}Z" fill="${palette[colour]}"/>` : '';
  const within = width >= 10;
  const sign = signPath(
    status,
    within ? left + width - 6 : Math.min(left + width + 5, right + 8),
    y + height / 2,
    palette,
    within && body === 'solid',
  );
  return rect + torn + sign;
}

/** The sign of a status around a point; none for those that are plain bars. */
export function signPath(status: string, x: number, y: number, palette: Palette, onFill: boolean): string {
  const { sign, colour } = statusLook(status);
  if (sign === undefined) return '';
  const stroke = onFill ? palette.onFill : palette[colour];
  return `<path transform="translate(${px(x)} ${px(y)})" d="${sign}" fill="none" stroke="${stroke}" stroke-width="1.7"/>`;
}

interface Waiting {
  readonly bar: number;
  readonly y: number;
  readonly height: number;
  /** Where the bar ends: open waits end there. */
  readonly end: number;
}

/** What came before the start, and the waits that were told. */
function waitShapes({ chart }: Drawing, { x }: Layout, palette: Palette, at: Waiting, looks: Set<string>): string {
  const { bar, y, height, end } = at;
  const { queued, ready, start, firstWait } = chart.bars;
  const hatch = (kind: string, from: number, to: number): string => {
    const look = waitLook(kind);
    const [left, width] = [x(from), x(to) - x(from)];
    if (!(width >= 1)) return '';
    looks.add(look);
    const colour = palette.kinds[look] ?? palette.quiet;
    return `<rect x="${px(left)}" y="${y + 1}" width="${px(width)}" height="${height - 2}" fill="url(#w-${look})" stroke="${colour}" stroke-width="0.8"/>`;
  };
  const began = start[bar] ?? Number.NaN;
  const queuedAt = queued[bar] ?? Number.NaN;
  const readyAt = ready[bar] ?? Number.NaN;
  const until = Number.isNaN(began) ? end : began;
  const stages = [
    Number.isNaN(queuedAt) ? '' : hatch('queue', queuedAt, until),
    Number.isNaN(readyAt)
      ? ''
      : Number.isNaN(queuedAt)
        ? hatch('queue', readyAt, until)
        : hatch('orchestration', readyAt, queuedAt),
  ];
  const last = firstWait[bar + 1] ?? 0;
  for (let wait = firstWait[bar] ?? 0; wait < last; wait++) {
    const to = chart.waits.to[wait] ?? Number.NaN;
    stages.push(
      hatch(chart.waitKinds[chart.waits.kind[wait] ?? 0] ?? '', chart.waits.from[wait] ?? 0, Number.isNaN(to) ? end : to),
    );
  }
  return stages.join('');
}

function titleOf(drawing: Drawing, drawn: number, status: string): string {
  const { chart, detail } = drawing;
  const { bars } = detail;
  const unit = Number(chart.unitNs);
  const bar = bars.bar[drawn] ?? 0;
  const [from, to] = [bars.from[drawn] ?? 0, bars.to[drawn] ?? 0];
  const critical = chart.bars.critical[bar] === 1 ? ' · on the critical path' : '';
  const times = `${formatDuration((to - from) * unit)} from ${formatDuration(from * unit)}`;
  const said = status.replaceAll('_', ' ');
  const count = bars.count[drawn] ?? 1;
  const name = rowName(drawing, bars.row[drawn] ?? 0).slice(0, 300);
  if (count > 1) return `${name} · ${count} bars, ${said} · ${times}${critical}`;
  const attempt = chart.bars.attempt[bar] ?? 1;
  return `${name}${attempt > 1 ? ` · attempt ${attempt}` : ''} · ${said} · ${times}${waitsSaid(drawing, bar, to)}${critical}`;
}

function waitsSaid({ chart }: Drawing, bar: number, end: number): string {
  const unit = Number(chart.unitNs);
  const { queued, ready, start, firstWait } = chart.bars;
  const before =
    (start[bar] ?? Number.NaN) - ([ready[bar], queued[bar]].find((at) => at !== undefined && !Number.isNaN(at)) ?? Number.NaN);
  const said = before > 0 ? [`waited ${formatDuration(before * unit)} to start`] : [];
  const last = Math.min(firstWait[bar + 1] ?? 0, (firstWait[bar] ?? 0) + 5);
  for (let wait = firstWait[bar] ?? 0; wait < last; wait++) {
    const to = chart.waits.to[wait] ?? Number.NaN;
    const reason = chart.reasons[chart.waits.reason[wait] ?? 0] ?? '';
    const length = (Number.isNaN(to) ? end : to) - (chart.waits.from[wait] ?? 0);
    said.push(
      `${waitLabel(chart.waitKinds[chart.waits.kind[wait] ?? 0] ?? '')} ${formatDuration(length * unit)}${reason === '' ? '' : ` (${reason})`}`,
    );
  }
  return said.map((each) => ` · ${each}`).join('');
}
