/** What a client of the fleet does and what must come of it; it throws where that fails. */
export interface Scenario {
  readonly name: string;
  readonly run: () => Promise<void>;
  /** Ends what it shares with others; called once when all have run. */
  readonly close?: () => Promise<void>;
}
