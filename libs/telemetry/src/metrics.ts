import { getHeapStatistics } from 'node:v8';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The process's own metrics in Prometheus' exposition format. Names begin with `tmws_`; units are base units (seconds, bytes). */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** @param collect  sets it each time it is asked for; without it whoever has the gauge sets it */
  gauge<L extends string>(name: string, help: string, labels?: readonly L[], collect?: (gauge: Gauge<L>) => void): Gauge<L>;
  histogram<L extends string>(name: string, help: string, labels?: readonly L[], buckets?: readonly number[]): Histogram<L>;
  text(): Promise<string>;
}

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Asking twice for the same name gives the same metric, so parts of one process may share it. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const limit = { name: 'tmws_heap_limit_bytes', help: 'the heap may grow so far', registers: [registry] };
  new Gauge(limit).set(getHeapStatistics().heap_size_limit);
  const known = <M>(name: string, make: () => M): M => (registry.getSingleMetric(name) as M | undefined) ?? make();
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labels = []) => known(name, () => new Counter({ name, help, labelNames: [...labels], registers })),
    gauge: <L extends string>(name: string, help: string, labels: readonly L[] = [], collect?: (gauge: Gauge<L>) => void) =>
      known(name, () => {
        const gauge: Gauge<L> = new Gauge({
          ...{ name, help, labelNames: [...labels], registers },
          ...(collect !== undefined && { collect: () => collect(gauge) }),
        });
        return gauge;
      }),
    histogram: (name, help, labels = [], buckets = latencyBuckets) =>
      known(name, () => new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers })),
    text: () => registry.metrics(),
  };
}
