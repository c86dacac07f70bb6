// Measurements. Each checks its own result, prints a table for people, and one JSON object with every figure as its last line.
import { parseArgs } from 'node:util';
import { graph } from './graph.ts';
import { idle } from './idle.ts';
import { ingest } from './ingest.ts';
import { start } from './start.ts';

export interface Bench {
  readonly what: string;
  readonly run: (options: { data: string | undefined }) => Promise<Record<string, number>>;
}

const benches: Readonly<Record<string, Bench>> = { start, idle, ingest, graph };

const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });
const [name] = positionals;
const bench = name === undefined ? undefined : benches[name];
if (bench === undefined) {
  if (name !== undefined) console.error(`there is no measurement ${name}; there are:`);
  for (const [known, { what }] of Object.entries(benches)) console.log(`${known.padEnd(10)} ${what}`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  const figures = await bench.run({ data: values.data });
  for (const [figure, value] of Object.entries(figures))
    console.log(`${figure.padEnd(36)} ${value.toLocaleString('en', { maximumFractionDigits: 2 })}`);
  console.log(JSON.stringify({ bench: name, ...figures }));
}
