// librdkafka in a process of its own, the client most engines produce with.
import { join } from 'node:path';
import { installLibrdkafka, startProcess } from '@tmws/testkit';
import type { CountAt } from './lag.ts';
import { treeCpuSeconds } from './process-figures.ts';

export interface Offer {
  readonly brokers: string;
  readonly topic: string;
  /** Records a second; 0 = as fast as they are taken. */
  readonly rate: number;
  readonly count: number;
  readonly executions: number;
  readonly run: string;
}

export interface Produced {
  /** How many records the broker had, over time. */
  readonly taken: readonly CountAt[];
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Produces step events with acks=all. @throws when the broker did not take them all */
export async function produce({ brokers, topic, rate, count, executions, run }: Offer): Promise<Produced> {
  const { python, path } = await installLibrdkafka();
  const script = join(import.meta.dirname, 'librdkafka-producer.py');
  const args = [script, brokers, topic, String(rate), String(count), String(executions), run];
  let cpu = 0;
  const begun = performance.now();
  await using child = await startProcess(args, { command: python, until: /./, env: { PYTHONPATH: path } });
  const watching = setInterval(() => (cpu = Math.max(cpu, treeCpuSeconds(child.pid))), 20);
  const { code } = await child.exited;
  clearInterval(watching);
  const lines = child.output().split('\n');
  const told = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { t: number; taken: number });
  const last = told.at(-1)?.taken ?? 0;
  if (code !== 0 || last !== count)
    throw new Error(`the broker took ${last} of ${count} records:\n${child.output().slice(-2000)}`);
  return {
    taken: told.map(({ t, taken }) => ({ atMs: t, count: taken })),
    seconds: (performance.now() - begun) / 1000,
    cpuSeconds: cpu,
  };
}
