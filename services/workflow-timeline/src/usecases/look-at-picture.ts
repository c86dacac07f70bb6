import { Problem } from '@tmws/problems';
import type { Chart } from '../domain/chart/chart.ts';
import type { ChartWindow } from '../domain/chart/chart-window.ts';
import { type Detail, detailOf, type DetailLimits } from '../domain/chart/level-of-detail.ts';
import type { ExecutionRecord } from '../ports.ts';
import { isOpenExecution } from './look-at-execution.ts';
import type { ChartView } from './open-charts.ts';

/** More steps than this in a window are never given one by one. */
export const wholeSteps = 200_000;

/** A level of detail where pixels were not asked for, but are needed. */
const defaultPx = 2000;
const columnLimits = { maxRows: 1000, maxBars: 50_000 };

/** A part of an execution as it is to be drawn. */
export interface Picture {
  readonly view: ChartView;
  readonly window: ChartWindow;
  readonly detail: Detail;
}

/** What was asked: ns since the epoch, 0 = open. */
export interface Asked {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** @throws Problem `invalid` for a window that ends before it begins */
export function checkWindow({ fromNs, toNs }: Asked): void {
  if (fromNs === 0n || toNs === 0n || fromNs < toNs) return;
  throw new Problem('invalid', 'from must lie before to; the window is empty', { field: 'from' });
}

/** For columns: all there is up to 200,000 steps in the window, unless pixels are asked for. */
export function columnsPicture(view: ChartView, asked: Asked, px: number): Picture {
  const window = windowOf(view, asked);
  if (px > 0) return { view, window, detail: detailOf(view.chart, window, { ...columnLimits, px }) };
  const detail = detailOf(view.chart, window, { ...columnLimits, px: 0 });
  if (detail.steps <= wholeSteps) return { view, window, detail };
  return { view, window, detail: detailOf(view.chart, window, { ...columnLimits, px: defaultPx }) };
}

/** For a drawing of so many pixels and rows. */
export function drawnPicture(view: ChartView, asked: Asked, limits: DetailLimits): Picture {
  const window = windowOf(view, asked);
  return { view, window, detail: detailOf(view.chart, window, limits) };
}

/** Names the content that parameters have at this state of the execution; empty while it may change by time alone. */
export function tagOf({ record, chart }: { record: ExecutionRecord; chart: Chart }): string {
  return isOpenExecution(record) || chart.openBars ? '' : tagOfRecord(record);
}

/** The tag such an execution has if it has one. */
export function tagOfRecord({ no, seq }: ExecutionRecord): string {
  return `${no}.${seq}`;
}

function windowOf({ chart, asOfNs }: ChartView, { fromNs, toNs }: Asked): ChartWindow {
  const units = (ns: bigint): number => Number(ns - chart.startNs) / Number(chart.unitNs);
  return {
    from: fromNs === 0n ? Number.NEGATIVE_INFINITY : units(fromNs),
    to: toNs === 0n ? Number.POSITIVE_INFINITY : units(toNs),
    asOf: Math.floor(units(asOfNs)),
    whole: fromNs === 0n && toNs === 0n,
  };
}
