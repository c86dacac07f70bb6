/** What a client of the fleet does and what must come of it; it throws where that fails. */
export interface Scenario {
  readonly name: string;
  /** @param say  prints a line below those of nobody else */
  readonly run: (say: Say) => Promise<void>;
  /** It is judged by time or frames, so nothing runs beside it. */
  readonly alone?: boolean;
  /** How long it takes, roughly: of those that run side by side the longest begin first; absent: a few seconds. */
  readonly seconds?: number;
  /** Ends what it shares with others; called once when all have run. */
  readonly close?: () => Promise<void>;
}

export type Say = (line: string) => void;
