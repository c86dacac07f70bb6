import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Matcher } from '../../model/label-matcher.ts';
import type { AlertActions } from '../../state/alert-actions.ts';

/** What is open below a card; one at a time on the page. */
export type CardPart = 'silence' | 'note' | 'explain';

/** What every card of the page of groups has in common. */
export interface AlertsOfPage {
  readonly actions: AlertActions;
  /** Whether the reader may change anything. */
  readonly mayAct: boolean;
  readonly me: string;
  /** The instant that is shown; undefined: now. */
  readonly atMs?: number | undefined;
  readonly part: Signal<{ readonly group: string; readonly part: CardPart } | undefined>;
  /** Ids of groups. */
  readonly selected: Signal<ReadonlySet<string>>;
  /** Keeps those alerts that match. */
  onLabel(matcher: Matcher): void;
  /** Opens a group, or closes it. */
  onOpen(group: string): void;
  /** Something was changed elsewhere. */
  reload(): void;
}

export const AlertsContext = createContext<AlertsOfPage | undefined>(undefined);

export function useAlerts(): AlertsOfPage {
  const alerts = useContext(AlertsContext);
  if (alerts === undefined) throw new Error('useAlerts() outside of <AlertsContext.Provider>');
  return alerts;
}
