// What telling receivers depends on.
import type { Route } from '../domain/route-tree.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import type { Board } from './board.ts';
import type { Refusals } from './refusals.ts';

/** One integration of a receiver: told and retried by itself. */
export interface Integration {
  /** `slack/0`: its kind and its place in the receiver. */
  readonly name: string;
  readonly sendResolved: boolean;
  /** Whether the receiver has a handle by which a second try is known; absent: it has none. */
  readonly guarantee?: 'exactly_once' | 'at_least_once';
}

export interface Telling {
  readonly board: Board;
  readonly routes: ReadonlyMap<string, Route>;
  readonly intervals: ReadonlyMap<string, TimeInterval>;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  readonly externalUrl: string;
  /** Absent: nothing was refused. */
  readonly refusals?: Pick<Refusals, 'holds'>;
}
