import type { Layout, LayoutOptions } from '../../model/layout.ts';
import type { ExecutionStore, Picture } from '../../state/execution-store.ts';

/** What every picture of the steps is given. */
export interface TabProps {
  readonly store: ExecutionStore;
  readonly picture: Picture;
  readonly layout: Layout;
  readonly only: LayoutOptions['only'];
  readonly nowNs: number;
  readonly zeroNs: number;
  /** The chosen row; -1 none. */
  readonly selected: number;
  dependents(row: number): number[];
  onSelect(row: number): void;
  /** To the details. */
  onOpen(): void;
}
