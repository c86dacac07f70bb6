import { strict as assert } from 'node:assert';
import { Agent, get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { startOneProcess } from '@tmws/e2e';
import { tempDir } from '@tmws/testkit';
import type { Bench } from './bench.ts';
import { cpuSeconds } from './process-figures.ts';
import { assertSameTimeline, type Columns, type Row } from './timeline-columns.ts';
import { loadExecution } from './timeline-load.ts';

const sizes = [
  { name: '10k', steps: 10_000, maxKb: 80, maxMs: 60 },
  { name: '100k', steps: 100_000, maxKb: 700, maxMs: 300 },
];
const rounds = 9;
const columnsType = 'application/vnd.tmws.timeline.columns+json';

/**
 * Timelines as columns beside the same timelines as rows. Server time is the time of a request on loopback as a client without
 * decompression sees it, from the first byte sent to the last received: the median of nine, warm; cold is the first after a start.
 */
export const timeline: Bench = {
  what: 'timelines of 10k and 100k steps as columns, with px, as SVG, and as rows beside them: size, time, CPU',
  async run({ data }) {
    await using dir = await tempDir('bench-timeline');
    const fleet = await startOneProcess(data ?? dir.path, { GATEWAY_CALL_TIMEOUT: '2m' });
    const figures: Record<string, number> = {};
    try {
      for (const { name, steps } of sizes) await loadExecution(fleet.url, `bench-${name}`, steps);
      const { grpc } = fleet;
      assert.ok(grpc);
      // Cold: nothing is kept in memory.
      await fleet.kill('fleet');
      await fleet.start('fleet');
      for (const { name, maxKb, maxMs } of sizes) {
        const base = `${fleet.url}/api/v1/executions/bench-${name}/timeline`;
        const pid = fleet.pid('fleet');
        const before = cpuSeconds(pid);
        const cold = await ask(base, columnsType);
        figures[`${name}_cold_ms`] = cold.ms;
        figures[`${name}_cold_cpu_ms`] = (cpuSeconds(pid) - before) * 1000;
        const warm = await measured(base, columnsType, pid);
        figures[`${name}_kb_gzipped`] = warm.body.length / 1000;
        figures[`${name}_warm_ms`] = warm.ms;
        figures[`${name}_warm_cpu_ms`] = warm.cpuMs;
        for (const px of [800, 2000]) {
          const answer = await measured(`${base}?px=${px}`, columnsType, pid);
          figures[`${name}_px${px}_kb_gzipped`] = answer.body.length / 1000;
          figures[`${name}_px${px}_warm_ms`] = answer.ms;
          const { detail } = jsonOf(answer.body) as Columns;
          assert.ok(!detail.whole && detail.note !== '');
        }
        const svg = await measured(`${base}.svg`, 'image/svg+xml', pid);
        figures[`${name}_svg_kb_gzipped`] = svg.body.length / 1000;
        figures[`${name}_svg_warm_ms`] = svg.ms;

        const peerBefore = cpuSeconds(pid);
        const peer = await ask(base, 'application/json');
        figures[`${name}_rows_ms`] = peer.ms;
        figures[`${name}_rows_cpu_ms`] = (cpuSeconds(pid) - peerBefore) * 1000;
        figures[`${name}_rows_kb`] = peer.body.length / 1000;
        const keyed = jsonOf((await ask(`${base}?keys=1`, columnsType)).body) as Columns;
        assert.ok(keyed.detail.whole);
        assertSameTimeline(keyed, (jsonOf(peer.body) as { rows: Row[] }).rows);
        figures[`${name}_rows_compared`] = keyed.rows.count;
        const kb = warm.body.length / 1000;
        figures[`${name}_goal_kb_gzipped`] = maxKb;
        figures[`${name}_goal_warm_ms`] = maxMs;
        if (kb > maxKb) throw new Error(`columns of ${name} steps are ${kb} KB gzipped, at most ${maxKb} are allowed`);
      }
      return figures;
    } finally {
      await fleet.stop();
    }
  },
};

interface Answer {
  readonly ms: number;
  readonly body: Buffer;
}

async function measured(url: string, accept: string, pid: number): Promise<Answer & { cpuMs: number }> {
  await ask(url, accept);
  const before = cpuSeconds(pid);
  const answers: Answer[] = [];
  for (let round = 0; round < rounds; round++) answers.push(await ask(url, accept));
  const cpuMs = ((cpuSeconds(pid) - before) * 1000) / rounds;
  const sorted = answers.toSorted((a, b) => a.ms - b.ms);
  const median = sorted[Math.floor(rounds / 2)];
  assert.ok(median !== undefined);
  return { ...median, cpuMs };
}

const agent = new Agent({ keepAlive: true });

/** Asks as curl does: gzip is accepted, nothing is decompressed. */
function ask(url: string, accept: string): Promise<Answer> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { accept, 'accept-encoding': 'gzip' } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const ms = performance.now() - begin;
        const body = Buffer.concat(parts);
        if (response.statusCode === 200) resolve({ ms, body });
        else reject(new Error(`${url} answered ${response.statusCode}: ${body.toString().slice(0, 500)}`));
      });
    });
    request.once('error', reject);
  });
}

function jsonOf(body: Buffer): unknown {
  const text = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
  return JSON.parse(text.toString());
}
