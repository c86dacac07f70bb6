import { formatDuration } from '@tmws/duration';
import type { Detail } from '../chart/level-of-detail.ts';
import { barShapes, signPath } from './svg-bars.ts';
import { type Drawing, type Layout, layoutOf, lengthNs, px, rowName } from './svg-drawing.ts';
import { hatchPatterns, type Palette, palettes, statusLook, type SvgTheme, waitLabel } from './svg-look.ts';
import { fitted, xmlText } from './svg-text.ts';
import { ticksBetween } from './ticks.ts';

export { svgThemes, type SvgTheme } from './svg-look.ts';

/** More rows than this are folded. */
export const svgRows = 200;

interface SvgOptions {
  readonly width: number;
  readonly theme: SvgTheme;
  /** When the execution began, for people. */
  readonly began: string;
  /** In words what a detail leaves out, given the ns of a pixel. */
  readonly note: (detail: Detail, pixelNs: number) => string;
}

const font = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif";

/**
 * The drawing as an SVG document that needs nothing else: no script, no style sheet, no reference to anything outside. All
 * texts are escaped, so it is well-formed XML whatever steps are called. Status has a shape beside its colour, each kind of
 * waiting a hatch; bars have a `<title>`, the whole a summary in `<desc>`.
 */
export function svgOf(drawing: Drawing, { width, theme, began, note }: SvgOptions): string {
  const { chart, detail } = drawing;
  const palette = palettes[theme];
  const layout = layoutOf(drawing, width);
  const rows = detail.plan.first.length;
  const bottom = layout.top + rows * layout.rowHeight;
  const { shapes, looks, statuses, openBars } = barShapes(drawing, layout, palette);
  const legend = legendOf(drawing, palette, { looks, statuses, openBars }, bottom + 14, width);
  const height = Math.ceil(legend.bottom + 10);
  const said = summaryOf(drawing, began);
  const pixelNs = Math.ceil(detail.pixel) * Number(chart.unitNs);
  const notes = [
    ...(detail.folded + detail.merged > 0 ? [`${note(detail, pixelNs)}.`] : []),
    ...(drawing.record.origin?.reconstructed === true
      ? ['Reconstructed: the recording has no start times, they follow from dependencies and durations.']
      : []),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d" direction="ltr" font-family="${font}" font-size="12">`,
    `<title id="t">${xmlText(titleOf(drawing))}</title><desc id="d">${xmlText([`${said}.`, ...notes].join(' '))}</desc>`,
    `<defs><clipPath id="names"><rect x="0" y="0" width="${layout.left - 8}" height="${height}"/></clipPath>${hatchPatterns(looks, palette)}</defs>`,
    `<rect width="${width}" height="${height}" fill="${palette.ground}"/>`,
    `<text x="12" y="22" font-size="15" font-weight="650" fill="${palette.ink}">${xmlText(fitted(titleOf(drawing), width - 24, 15))}</text>`,
    ...[said, ...notes].map(
      (line, i) => `<text x="12" y="${41 + i * 16}" fill="${palette.quiet}">${xmlText(fitted(line, width - 24, 12))}</text>`,
    ),
    ...stripes(rows, layout, palette),
    ...axis(drawing, layout, palette, bottom),
    `<g clip-path="url(#names)" fill="${palette.ink}">${rowNames(drawing, layout, palette)}</g>`,
    ...shapes,
    ...(rows === 0
      ? [`<text x="${layout.left}" y="${layout.top + 12}" fill="${palette.quiet}">No step in this window.</text>`]
      : []),
    legend.text,
    '</svg>\n',
  ].join('\n');
}

function titleOf({ record }: Drawing): string {
  const name = record.name || record.workflow.name;
  return name === '' || name === record.id ? record.id : `${name} · ${record.id}`;
}

function summaryOf({ record, chart, window, detail }: Drawing, began: string): string {
  const counts = Object.entries(record.stepsByStatus)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status.replaceAll('_', ' ')}`);
  const steps = Object.values(record.stepsByStatus).reduce((sum, count) => sum + count, 0);
  const ns = lengthNs(chart, window, record.status);
  const critical = detail.critical.reduce((sum, count) => sum + count, 0);
  return (
    `${record.status.replaceAll('_', ' ')} · ${formatDuration(ns)} from ${began} · ${steps} ${steps === 1 ? 'step' : 'steps'}` +
    `${counts.length === 0 ? '' : ` (${counts.join(', ')})`}${critical === 0 ? '' : ` · ${critical} on the critical path, outlined`}`
  );
}

function stripes(rows: number, { top, rowHeight, width }: Layout, { stripe }: Palette): string[] {
  const path = Array.from({ length: Math.ceil(rows / 2) }, (_, i) => `M0 ${top + i * 2 * rowHeight}H${width}v${rowHeight}H0Z`);
  return path.length === 0 ? [] : [`<path d="${path.join('')}" fill="${stripe}"/>`];
}

function axis({ chart, window, record }: Drawing, layout: Layout, palette: Palette, bottom: number): string[] {
  const { left, right, top, x } = layout;
  const unit = Number(chart.unitNs);
  const from = Number.isFinite(window.from) ? window.from * unit : 0;
  const to = Number.isFinite(window.to) ? window.to * unit : lengthNs(chart, window, record.status);
  const ticks = ticksBetween(from, to, Math.max(2, Math.floor((right - left) / 90)));
  const lines = ticks.map((ns) => `M${px(x(ns / unit))} ${top - 4}V${bottom}`).join('');
  const labels = ticks.map((ns) => {
    const at = x(ns / unit);
    const anchor = at > right - 30 ? 'end' : at < left + 10 ? 'start' : 'middle';
    return `<text x="${px(at)}" y="${top - 8}" text-anchor="${anchor}">${formatDuration(ns)}</text>`;
  });
  return [`<path d="${lines}" stroke="${palette.grid}"/>`, `<g fill="${palette.quiet}" font-size="11">${labels.join('')}</g>`];
}

function rowNames(drawing: Drawing, { top, rowHeight, left }: Layout, palette: Palette): string {
  const { chart, detail } = drawing;
  return Array.from(detail.plan.first, (row, drawn) => {
    const indent = 12 + Math.min(chart.rows.depth[row] ?? 0, 8) * 12;
    const name = rowName(drawing, drawn);
    const fold = (detail.plan.steps[drawn] ?? 0) > 0;
    const shown = xmlText(fitted(name, left - 12 - indent, 12));
    return `<text x="${indent}" y="${top + drawn * rowHeight + 13}"${fold ? ` fill="${palette.quiet}" font-style="italic"` : ''}>${shown}<title>${xmlText(name.slice(0, 1000))}</title></text>`;
  }).join('');
}

interface Seen {
  readonly looks: ReadonlySet<string>;
  readonly statuses: ReadonlySet<string>;
  readonly openBars: boolean;
}

/** The signs that are in the picture, and what they mean. */
function legendOf({ detail }: Drawing, palette: Palette, seen: Seen, y: number, width: number): { text: string; bottom: number } {
  const items = [
    ...[...seen.statuses].map((status) => ({ label: status.replaceAll('_', ' '), swatch: statusSwatch(status, palette) })),
    ...(seen.openBars ? [{ label: 'still open', swatch: `<path d="M0 0H14l5 6-5 6H0Z" fill="${palette.run}"/>` }] : []),
    ...[...seen.looks].map((look) => ({
      label: waitLabel(look),
      swatch: `<rect width="22" height="12" fill="url(#w-${look})" stroke="${palette.kinds[look] ?? palette.quiet}"/>`,
    })),
    ...(detail.critical.some((count) => count > 0)
      ? [
          {
            label: 'critical path',
            swatch: `<rect x="1" y="1" width="20" height="10" fill="none" stroke="${palette.critical}" stroke-width="2"/>`,
          },
        ]
      : []),
    ...(detail.folded > 0
      ? [{ label: 'several steps', swatch: `<rect y="3" width="22" height="6" fill="${palette.run}" fill-opacity="0.6"/>` }]
      : []),
  ];
  let x = 12;
  let line = y;
  const drawn = items.map(({ label, swatch }) => {
    const needs = 30 + label.length * 6.6 + 18;
    if (x + needs > width - 12 && x > 12) {
      x = 12;
      line += 20;
    }
    const text = `<g transform="translate(${px(x)} ${line})">${swatch}<text x="28" y="10">${xmlText(label)}</text></g>`;
    x += needs;
    return text;
  });
  return { text: `<g fill="${palette.quiet}">${drawn.join('')}</g>`, bottom: line + 14 };
}

function statusSwatch(status: string, palette: Palette): string {
  const { body, colour } = statusLook(status);
  const fill = body === 'solid' ? palette[colour] : body === 'pale' ? palette.pale : 'none';
  const line = body === 'solid' ? '' : ` stroke="${palette[colour]}"${body === 'dashed' ? ' stroke-dasharray="3 2"' : ''}`;
  return `<rect width="22" height="12" rx="2" fill="${fill}"${line}/>${signPath(status, 11, 6, palette, body === 'solid')}`;
}
