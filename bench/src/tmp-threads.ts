import { readdirSync, readFileSync } from 'node:fs';
import { startOneProcess } from '@tmws/e2e';
import { tempDir } from '@tmws/testkit';
import { temporalHistory } from './temporal-history.ts';
await using dir = await tempDir('bench-import');
const extra = process.env.PROF ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env.PROF}` } : {};
const fleet = await startOneProcess(dir.path, extra);
const threads = () => { const pid = fleet.pid('fleet'); const m = new Map<string, [string, number]>(); for (const t of readdirSync(`/proc/${pid}/task`)) { try { const s = readFileSync(`/proc/${pid}/task/${t}/stat`, 'utf8'); const [, name, rest] = /\((.*)\) (.*)/.exec(s)!; const f = rest!.split(' '); m.set(t, [name!, (Number(f[11]) + Number(f[12])) / 100]); } catch {} } return m; };
const post = async (text: string) => { const b = performance.now(); const r = await fetch(`${fleet.url}/api/v1/imports?wait=5m`, { method: 'POST', body: text }); const o = await r.json(); return [o.status, o.detail, performance.now() - b]; };
await post(temporalHistory('warm', 500).text);
const text = temporalHistory('bench-0').text;
for (let i = 0; i < 4; i++) {
  const a = threads();
  const res = await post(text.replaceAll('bench-0', `bench-${i}`));
  const b = threads();
  const d = [...b].map(([t, [n, c]]) => [n, t, c - (a.get(t)?.[1] ?? 0)] as const).filter(([, , c]) => c > 0.02);
  console.log(res, 'sum', d.reduce((s, x) => s + x[2], 0).toFixed(2), d.map(([n, t, c]) => `${n}/${t} ${c.toFixed(2)}`).join(', '), Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${fleet.pid('fleet')}/status`, 'utf8'))![1]) / 1024), 'MiB');
}
await fleet.stop();
