/** A measurement: it checks its own result, and gives its figures by name. */
export interface Bench {
  readonly what: string;
  readonly run: (options: BenchOptions) => Promise<Record<string, number>>;
}

export interface BenchOptions {
  readonly data?: string | undefined;
  /** The folder of the package agent-threat-rules. */
  readonly atr?: string | undefined;
  /** Offered rates a second, by commas. */
  readonly rates?: string | undefined;
  /** How long each rate is offered. */
  readonly seconds?: string | undefined;
  readonly executions?: string | undefined;
  readonly steps?: string | undefined;
  /** Parts of the measurement, by commas. */
  readonly part?: string | undefined;
}
