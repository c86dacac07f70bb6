import { flag, oneOf, type Parameters, type SecondsSpan, span, text } from '../../state/url-state.ts';

export const tabs = ['timeline', 'table', 'graph', 'json'] as const;
export type Tab = (typeof tabs)[number];

/** What of an execution is shown, as its address has it. */
export interface ViewState {
  tab: Tab;
  /** The chosen step's key. */
  sel: string;
  /** The part of the axis that is shown, in seconds after its zero. */
  t: SecondsSpan | undefined;
  /** Only the critical path. */
  cp: boolean;
  /** Only what failed. */
  failed: boolean;
  /** Stretches in which nothing runs are pressed together. */
  idle: boolean;
  fold: 'on' | 'off';
  /** The axis shows the time of day. */
  clock: boolean;
}

export const viewParameters: Parameters<ViewState> = {
  tab: oneOf(tabs),
  sel: text(),
  t: span,
  cp: flag,
  failed: flag,
  idle: flag,
  fold: oneOf(['on', 'off']),
  clock: flag,
};
