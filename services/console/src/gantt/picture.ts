import type { Tick } from '../model/axis.ts';
import type { Layout } from '../model/layout.ts';
import type { Steps } from '../model/steps.ts';
import type { Density } from './paint-fold.ts';
import type { Metrics, Scale } from './scene.ts';
import type { Stairs } from './staircase.ts';

/** `to` waited for `from`: entries and instants. */
export interface Arrow {
  readonly from: number;
  readonly fromNs: number;
  readonly to: number;
  readonly toNs: number;
}

/** When it is likely to end. */
export interface Band {
  readonly fromNs: number;
  readonly toNs: number;
}

/** What is painted: everything is decided before. */
export interface Picture {
  readonly steps: Steps;
  readonly layout: Layout;
  /** The entries drawn: from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
  readonly stairs: Stairs;
  readonly arrows: readonly Arrow[];
  readonly eta: Band | undefined;
  readonly metrics: Metrics;
  densityOf(fold: number): Density;
}
