import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { startOneProcess } from '@tmws/e2e';
import { tempDir } from '@tmws/testkit';
import type { Bench } from './bench.ts';
import { type LoopDelay, loopDelayIn } from './loop-delay.ts';
import { cpuSeconds, residentMiB } from './process-figures.ts';
import { historyEvents, temporalHistory } from './temporal-history.ts';

const limitSeconds = 2;
// With them a history is as large as the server allows: 50 MB.
const payloadBytes = 1000;
const pageParts = ['', '/timeline', '/critical-path', '/bottlenecks', '/graph'];

interface Operation {
  readonly status: string;
  readonly result?: { format: string; stepCount: number; executions: { id: string; steps: number; reconstructed: boolean }[] };
  readonly problem?: { detail: string };
  readonly detail?: string;
}

interface Row {
  readonly file: string;
  readonly format: string;
  readonly executions: number;
  readonly steps: number;
  readonly edges: number;
  readonly ms: number;
  readonly pages: string;
}

/** Recorded files into the fleet in one process: a Temporal history of the greatest length, and every file of `--data`. */
export const importing: Bench = {
  what: `a Temporal history of ${historyEvents} events, and every file under --data, by POST /api/v1/imports (limit ${limitSeconds} s)`,
  async run({ data }) {
    await using dir = await tempDir('bench-import');
    const delay = loopDelayIn(dir.path);
    const fleet = await startOneProcess(join(dir.path, 'data'), delay.env);
    try {
      await post(fleet.url, temporalHistory('bench-warm', 500).text);
      const seconds: number[] = [];
      const { text, activities } = temporalHistory('bench-0');
      let cpu = 0;
      let late: LoopDelay = { lateMs: 0, busyMs: 0 };
      for (let i = 0; i < 3; i++) {
        const file = text.replaceAll('bench-0', `bench-${i}`);
        const before = cpuSeconds(fleet.pid('fleet'));
        await delay.ask(fleet.pid('fleet'));
        const { operation, ms } = await post(fleet.url, file);
        assert.equal(operation.status, 'done', operation.detail);
        seconds.push(ms / 1000);
        cpu += cpuSeconds(fleet.pid('fleet')) - before;
        late = later(late, await delay.ask(fleet.pid('fleet')));
        assert.ok((operation.result?.stepCount ?? 0) >= activities, 'every activity is a step');
      }
      const heavy = temporalHistory('bench-heavy', historyEvents, payloadBytes).text;
      const before = cpuSeconds(fleet.pid('fleet'));
      const { operation, ms } = await post(fleet.url, heavy);
      assert.equal(operation.status, 'done', operation.detail);
      const [heavySeconds, heavyCpu] = [ms / 1000, cpuSeconds(fleet.pid('fleet')) - before];
      const heavyLate = await delay.ask(fleet.pid('fleet'));
      const rows = data === undefined ? [] : await importAll(fleet.url, data);
      if (rows.length > 0) console.log(tableOf(rows));
      const failed = rows.filter(({ pages }) => pages !== 'ok');
      seconds.sort((a, b) => a - b);
      return {
        history_events: historyEvents,
        history_activities: activities,
        history_mib: Buffer.byteLength(text) / 1024 / 1024,
        history_median_s: seconds[1] ?? NaN,
        history_min_s: seconds[0] ?? NaN,
        history_limit_s: limitSeconds,
        history_cpu_s: cpu / 3,
        history_loop_late_ms: late.lateMs,
        history_loop_busy_ms: late.busyMs,
        history_loop_limit_ms: 100,
        heavy_mib: Buffer.byteLength(heavy) / 1024 / 1024,
        heavy_s: heavySeconds,
        heavy_cpu_s: heavyCpu,
        heavy_loop_late_ms: heavyLate.lateMs,
        heavy_loop_busy_ms: heavyLate.busyMs,
        resident_mib: residentMiB(fleet.pid('fleet')),
        files: rows.length,
        files_failed: failed.length,
        executions: rows.reduce((sum, row) => sum + row.executions, 0),
        steps: rows.reduce((sum, row) => sum + row.steps, 0),
        edges: rows.reduce((sum, row) => sum + row.edges, 0),
      };
    } finally {
      await fleet.stop();
    }
  },
};

function later(a: LoopDelay, b: LoopDelay): LoopDelay {
  return { lateMs: Math.max(a.lateMs, b.lateMs), busyMs: Math.max(a.busyMs, b.busyMs) };
}

async function importAll(url: string, dir: string): Promise<Row[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const rows: Row[] = [];
  for (const file of files.sort()) rows.push(await importOne(url, file, relative(dir, file)));
  return rows;
}

async function importOne(url: string, path: string, file: string): Promise<Row> {
  const { operation, ms } = await post(url, await readFile(path));
  const { result } = operation;
  if (operation.status !== 'done' || result === undefined)
    return { file, format: '', executions: 0, steps: 0, edges: 0, ms, pages: operation.detail ?? operation.status };
  let edges = 0;
  const bad: string[] = [];
  for (const { id } of result.executions) {
    for (const part of pageParts) {
      const response = await fetch(`${url}/api/v1/executions/${encodeURIComponent(id)}${part}`);
      const body = await response.text();
      if (response.status !== 200) bad.push(`${id}${part}: ${response.status}`);
      else if (part === '/graph')
        edges += (JSON.parse(body) as { edges: { kind: string }[] }).edges.filter(({ kind }) => kind === 'dependency').length;
    }
  }
  const pages = bad.length === 0 ? 'ok' : bad.join(', ');
  return { file, format: result.format, executions: result.executions.length, steps: result.stepCount, edges, ms, pages };
}

async function post(url: string, body: string | Buffer): Promise<{ operation: Operation; ms: number }> {
  const begin = performance.now();
  const response = await fetch(`${url}/api/v1/imports?wait=5m`, { method: 'POST', body: body as RequestInit['body'] });
  const operation = (await response.json()) as Operation;
  return { operation, ms: performance.now() - begin };
}

function tableOf(rows: readonly Row[]): string {
  const head = ['file', 'format', 'executions', 'steps', 'edges', 'ms', 'pages'];
  const cells = rows.map((row) =>
    [row.file, row.format, row.executions, row.steps, row.edges, Math.round(row.ms), row.pages].map(String),
  );
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  return [head, ...cells].map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n');
}
