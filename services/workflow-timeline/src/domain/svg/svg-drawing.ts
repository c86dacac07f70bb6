import type { Chart } from '../chart/chart.ts';
import type { ChartWindow } from '../chart/chart-window.ts';
import type { Detail } from '../chart/level-of-detail.ts';
import { textOf } from '../chart/text-column.ts';

/** What is drawn: a detail of a chart, and the execution it is of. */
export interface Drawing {
  readonly record: {
    readonly id: string;
    readonly name: string;
    readonly workflow: { readonly name: string };
    readonly status: string;
    readonly stepsByStatus: Readonly<Record<string, number>>;
    readonly origin?: { readonly reconstructed: boolean } | undefined;
  };
  readonly chart: Chart;
  readonly window: ChartWindow;
  readonly detail: Detail;
}

/** Where things lie, px. */
export interface Layout {
  readonly width: number;
  readonly top: number;
  readonly rowHeight: number;
  readonly left: number;
  readonly right: number;
  /** From units of the chart to px. */
  readonly x: (units: number) => number;
  readonly toNs: (units: number) => number;
}

/** How long the execution took, or takes so far. */
export function lengthNs(chart: Chart, { asOf }: ChartWindow, status: string): number {
  const ns = Number(chart.endNs - chart.startNs);
  return status === 'running' ? Math.max(ns, asOf * Number(chart.unitNs)) : ns;
}

/** Places for a picture of a width. */
export function layoutOf({ record, chart, window, detail }: Drawing, width: number): Layout {
  const left = Math.round(Math.min(280, Math.max(110, width * 0.24)));
  const right = width - 16;
  const unit = Number(chart.unitNs);
  const from = Number.isFinite(window.from) ? window.from : 0;
  const last = lengthNs(chart, window, record.status) / unit;
  const to = Number.isFinite(window.to) ? window.to : last;
  const scale = (right - left) / Math.max(to - from, Number.MIN_VALUE * 1e300);
  const lines = 1 + (detail.folded + detail.merged > 0 ? 1 : 0) + (record.origin?.reconstructed === true ? 1 : 0);
  return {
    width,
    top: 41 + lines * 16 + 22,
    rowHeight: 18,
    left,
    right,
    x: (units) => Math.min(right, Math.max(left, left + (units - from) * (to > from ? scale : 0))),
    toNs: (units) => units * unit,
  };
}

/** The name of a drawn row: of a fold with how many steps it stands for. */
export function rowName({ chart, detail }: Pick<Drawing, 'chart' | 'detail'>, drawn: number): string {
  const row = detail.plan.first[drawn] ?? 0;
  const { nameTemplate, nameNumber, idTemplate, idNumber } = chart.rows;
  const own = (nameTemplate[row] ?? -1) >= 0;
  const template = chart.templates[(own ? nameTemplate[row] : idTemplate[row]) ?? 0];
  if (template === undefined) return '';
  const steps = detail.plan.steps[drawn] ?? 0;
  if (steps === 0) return textOf(template, (own ? nameNumber[row] : idNumber[row]) ?? 0);
  const pattern = template.digits === undefined ? template.before : `${template.before}#${template.after}`;
  const failed = detail.failed[drawn] ?? 0;
  return `${steps.toLocaleString('en')} steps: ${pattern}, …${failed === 0 ? '' : ` (${failed} failed)`}`;
}

/** A length in px without needless digits. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
