import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { startOneProcess } from '@tmws/e2e';
import { tempDir } from '@tmws/testkit';
import type { Bench } from './bench.ts';

const maxSteps = 2000;
const maxNamed = 1000;

interface Graph {
  readonly nodes: readonly { stepKey: string }[];
  readonly edges: readonly { from: string; to: string; kind: string }[];
}

interface Bottlenecks {
  readonly refusal: string;
  readonly criticalLengthNs: string;
  readonly steps: readonly { stepKey: string; durationNs: string; dragNs: string; slackNs: string }[];
}

interface Timeline {
  readonly rows: readonly { stepKey: string; attempts: readonly { startNs?: string; endNs?: string }[] }[];
}

interface Operation {
  readonly status: string;
  readonly result?: { executions: { id: string; steps: number }[] };
}

/** Drag and slack as the API tells them, against taking each step away in turn, on every recorded graph under `--data`. */
export const drag: Bench = {
  what: `drag and slack of every execution of up to ${maxSteps} steps under --data, against brute force`,
  async run({ data }) {
    if (data === undefined) throw new Error('give a folder of recorded workflows: --data DIR');
    await using dir = await tempDir('bench-drag');
    const fleet = await startOneProcess(dir.path);
    const figures = { files: 0, executions: 0, steps_compared: 0, steps_differing: 0, refused: 0, nested_left_out: 0 };
    try {
      const entries = await readdir(data, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      for (const file of files.sort()) {
        const executions = await importFile(fleet.url, file);
        if (executions.length === 0) continue;
        figures.files += 1;
        for (const { id, steps } of executions.filter((each) => each.steps <= maxSteps)) {
          const base = `${fleet.url}/api/v1/executions/${encodeURIComponent(id)}`;
          const graph = (await (await fetch(`${base}/graph`)).json()) as Graph;
          const told = (await (await fetch(`${base}/bottlenecks?limit=${maxNamed}`)).json()) as Bottlenecks;
          figures.executions += 1;
          if (told.refusal !== '') figures.refused += 1;
          else if (graph.edges.some(({ kind }) => kind === 'inside')) figures.nested_left_out += 1;
          else {
            const timeline = (await (await fetch(`${base}/timeline`)).json()) as Timeline;
            const { compared, differing } = compare(graph, told, timeline);
            figures.steps_compared += compared;
            figures.steps_differing += differing;
            console.log(`${relative(data, file).padEnd(48)} ${String(steps).padStart(5)} steps ${differing} differ`);
          }
        }
      }
      assert.equal(figures.steps_differing, 0);
      return figures;
    } finally {
      await fleet.stop();
    }
  },
};

async function importFile(url: string, file: string): Promise<{ id: string; steps: number }[]> {
  const response = await fetch(`${url}/api/v1/imports?wait=60s`, { method: 'POST', body: await readFile(file) });
  const operation = (await response.json()) as Operation;
  return operation.status === 'done' ? (operation.result?.executions ?? []) : [];
}

/** Of an execution with more steps than are named: no other has more drag than the last that is. */
function compare({ nodes, edges }: Graph, told: Bottlenecks, { rows }: Timeline): { compared: number; differing: number } {
  const place = new Map(nodes.map(({ stepKey }, i) => [stepKey, i]));
  const weights = new Float64Array(nodes.length);
  for (const { stepKey, attempts } of rows)
    for (const { startNs = '0', endNs = '0' } of attempts)
      weights[place.get(stepKey) ?? 0] = Number(BigInt(endNs) - BigInt(startNs));
  for (const { stepKey, durationNs } of told.steps) weights[place.get(stepKey) ?? 0] = Number(durationNs);
  const before = nodes.map((): number[] => []);
  for (const { from, to } of edges) before[place.get(to) ?? 0]?.push(place.get(from) ?? 0);
  const order = orderOf(before);
  const length = longest(before, order, weights);
  let differing = length === Number(told.criticalLengthNs) ? 0 : 1;
  for (const { stepKey, dragNs, slackNs, durationNs } of told.steps) {
    const at = place.get(stepKey) ?? 0;
    weights[at] = 0;
    const without = length - longest(before, order, weights);
    // As much longer as its slack changes nothing; a nanosecond more does.
    weights[at] = Number(durationNs) + Number(slackNs);
    const unnoticed = longest(before, order, weights) === length;
    weights[at] += 1024;
    const noticed = longest(before, order, weights) > length;
    weights[at] = Number(durationNs);
    if (without !== Number(dragNs) || !unnoticed || !noticed) differing += 1;
  }
  const named = new Set(told.steps.map(({ stepKey }) => place.get(stepKey)));
  const leastNs = Number(told.steps.at(-1)?.dragNs ?? 0);
  for (const at of weights.keys()) {
    if (named.has(at)) continue;
    const own = weights[at] ?? 0;
    weights[at] = 0;
    if (length - longest(before, order, weights) > leastNs) differing += 1;
    weights[at] = own;
  }
  return { compared: nodes.length, differing };
}

function orderOf(before: readonly (readonly number[])[]): number[] {
  const waiting = before.map((list) => list.length);
  const after = before.map((): number[] => []);
  before.forEach((list, to) => list.forEach((from) => after[from]?.push(to)));
  const order = waiting.flatMap((count, node) => (count === 0 ? [node] : []));
  for (const node of order) {
    for (const next of after[node] ?? []) {
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) order.push(next);
    }
  }
  return order;
}

function longest(before: readonly (readonly number[])[], order: readonly number[], weights: Float64Array): number {
  const ends = new Float64Array(before.length);
  let length = 0;
  for (const node of order) {
    let start = 0;
    for (const from of before[node] ?? []) start = Math.max(start, ends[from] ?? 0);
    ends[node] = start + (weights[node] ?? 0);
    length = Math.max(length, ends[node]);
  }
  return length;
}
