// Measurements. Each checks its own result, prints a table for people, and one JSON object with every figure as its last line.
import { parseArgs } from 'node:util';
import { alerts } from './alerts.ts';
import type { Bench } from './bench.ts';
import { consolePages } from './console.ts';
import { detection } from './detection.ts';
import { drag } from './drag.ts';
import { graph } from './graph.ts';
import { idle } from './idle.ts';
import { importing } from './import.ts';
import { ingest } from './ingest.ts';
import { ingestKafka } from './ingest-kafka.ts';
import { otlp } from './otlp.ts';
import { start } from './start.ts';
import { timeline } from './timeline.ts';

const benches: Readonly<Record<string, Bench>> = {
  start,
  idle,
  ingest,
  'ingest-kafka': ingestKafka,
  otlp,
  import: importing,
  graph,
  drag,
  timeline,
  alerts,
  console: consolePages,
  detection,
};

const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  options: { data: text, atr: text, rates: text, seconds: text, executions: text, steps: text, part: text },
  allowPositionals: true,
});
const [name] = positionals;
const bench = name === undefined ? undefined : benches[name];
if (bench === undefined) {
  if (name !== undefined) console.error(`there is no measurement ${name}; there are:`);
  for (const [known, { what }] of Object.entries(benches)) console.log(`${known.padEnd(13)} ${what}`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  const figures = await bench.run(values);
  for (const [figure, value] of Object.entries(figures))
    console.log(`${figure.padEnd(36)} ${value.toLocaleString('en', { maximumFractionDigits: 2 })}`);
  console.log(JSON.stringify({ bench: name, ...figures }));
}
