// Clients nobody here wrote: curl, kcat, grpcurl; and our own CLI with the demo.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cacheDir, eventually, installGrpcurl, installKcat, tempDir } from '@tmws/testkit';
import { type Running, startOneProcess } from '../fleet.ts';
import type { Say, Scenario } from '../scenario.ts';

export function clientScenarios(): Scenario[] {
  return [
    {
      name: 'clients: curl and kcat bring executions, grpcurl and curl read them, the demo fills the list',
      seconds: 7,
      run: clients,
    },
  ];
}

async function clients(say: Say): Promise<void> {
  await using dir = await tempDir('e2e-clients');
  const fleet = await startOneProcess(dir.path);
  try {
    await curlBringsOne(fleet);
    await kcatBringsOne(fleet);
    await grpcurlReads(fleet);
    await demoFills(fleet);
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}

const step = (executionId: string, stepId: string) => ({
  executionId,
  stepId,
  startedAt: '2026-03-01T12:00:00Z',
  finishedAt: '2026-03-01T12:00:05Z',
});

async function curlBringsOne({ url }: Running): Promise<void> {
  const headers = [
    'ce-specversion: 1.0',
    'ce-id: 1',
    'ce-source: /curl',
    'ce-type: tmws.step.completed',
    'content-type: application/json',
  ];
  const answer = await run('curl', [
    '-sS',
    '--fail',
    ...headers.flatMap((header) => ['-H', header]),
    '-d',
    JSON.stringify(step('by-curl', 'a')),
    `${url}/api/v1/events`,
  ]);
  assert.deepEqual(JSON.parse(answer), { items: [{ id: '1', status: 'accepted' }] });
  await eventually(async () =>
    assert.match(await run('curl', ['-sS', '--fail', `${url}/api/v1/executions/by-curl`]), /"stepCount":1/),
  );
}

async function kcatBringsOne({ kafka, url }: Running): Promise<void> {
  const kcat = await installKcat(cacheDir());
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    const headers = [
      `ce_id=${codec}`,
      'ce_specversion=1.0',
      'ce_source=/kcat',
      'ce_type=tmws.step.completed',
      'content-type=application/json',
    ];
    const args = ['-P', '-b', kafka, '-t', 'tmws.workflow', '-z', codec, ...headers.flatMap((header) => ['-H', header])];
    // Long enough that every codec really compresses.
    await run(kcat, args, JSON.stringify({ ...step('by-kcat', codec), attributes: { text: 'x'.repeat(2000) } }));
  }
  await eventually(async () =>
    assert.match(await run('curl', ['-sS', '--fail', `${url}/api/v1/executions/by-kcat`]), /"stepCount":5/),
  );
}

async function grpcurlReads({ grpc }: Running): Promise<void> {
  const grpcurl = await installGrpcurl(cacheDir());
  assert.match(await run(grpcurl, ['-plaintext', grpc, 'list']), /tmws\.timeline\.v1\.TimelineService/);
  assert.match(await run(grpcurl, ['-plaintext', grpc, 'describe', 'tmws.timeline.v1.Execution']), /started_at_ns/);
  const read = await run(grpcurl, [
    '-plaintext',
    '-d',
    '{"id":"by-curl"}',
    grpc,
    'tmws.timeline.v1.TimelineService/GetCriticalPath',
  ]);
  assert.equal((JSON.parse(read) as { makespanNs: string }).makespanNs, '5000000000');
  assert.match(await run(grpcurl, ['-plaintext', grpc, 'grpc.health.v1.Health/Check']), /SERVING/);
  await assert.rejects(
    run(grpcurl, ['-plaintext', '-d', '{"id":"nobody"}', grpc, 'tmws.timeline.v1.TimelineService/GetExecution']),
    /NotFound/,
  );
}

async function demoFills({ url }: Running): Promise<void> {
  const tmws = (...args: string[]): Promise<string> =>
    run(process.execPath, [join(import.meta.dirname, '../../../services/cli/src/main.ts'), '--server', url, ...args]);
  await tmws('demo', '--fast');
  await eventually(async () => {
    const list = JSON.parse(await tmws('run', 'list', '-o', 'json')) as { status: string }[] | { items: { status: string }[] };
    const statuses = new Set((Array.isArray(list) ? list : list.items).map(({ status }) => status));
    assert.ok(statuses.has('completed') && statuses.has('failed'), `statuses: ${[...statuses].join(', ')}`);
  });
  assert.match(await tmws('run', 'timeline', '@last-failed'), /█/);
}

/** Runs a program to its end. @throws with its output when it fails */
async function run(command: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject)),
  ]);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${err.join('')}${out.join('')}`);
  return out.join('');
}
