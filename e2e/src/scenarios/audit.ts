// kill -9 while people sign in, are refused and make keys: what was answered is in the audit once, and on tmws.security.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheDir, eventually, installKcat, tempDir } from '@tmws/testkit';
import { type Running, startOneProcess } from '../fleet.ts';
import type { Say, Scenario } from '../scenario.ts';

export function auditScenarios(rounds: number): Scenario[] {
  return [
    {
      name: `audit: ${rounds} times kill -9, what was answered is in it once and told`,
      seconds: 20,
      run: (say) => killed(rounds, say),
    },
  ];
}

const adminKey = 'e2e-admin-key-of-no-value-0123456789abcdef';
const wrongKey = `tmws_0f3a11aa_${'x'.repeat(43)}`;
const run = promisify(execFile);

interface Row {
  readonly seq: string;
  readonly type: string;
  readonly userAgent: string;
}

async function killed(rounds: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-audit');
  const keyFile = join(dir.path, 'admin.key');
  await writeFile(keyFile, adminKey);
  // Each refusal has a row of its own: they are told apart.
  const env = { TMWS_AUTH: 'on', TMWS_ADMIN_KEY_FILE: keyFile, GATEWAY_SIGN_IN_LIMIT: '0' };
  const fleet = await startOneProcess(join(dir.path, 'data'), env);
  try {
    const people = openPeople(fleet.url);
    for (let round = 0; round < rounds; round++) {
      const before = people.answered.size;
      await eventually(() => assert.ok(people.answered.size > before + 20), { timeoutMs: 30_000 });
      await delay(Math.random() * 500);
      await fleet.kill('fleet');
      await fleet.start('fleet');
      await verify(fleet);
    }
    await people.leave();
    await verify(fleet);
    const rows = await rowsOf(fleet);
    assert.deepEqual(
      rows.map(({ seq }) => Number(seq)).reverse(),
      rows.map((_, n) => n + 1),
      'rows are missing or doubled',
    );
    const byAgent = Map.groupBy(rows, ({ userAgent, type }) => `${userAgent} ${type}`);
    const wrong = [...people.answered].filter(([agent, type]) => byAgent.get(`${agent} ${type}`)?.length !== 1);
    assert.deepEqual(wrong, [], 'answered, and not in the audit exactly once');
    const told = await allTold(fleet);
    const kinds = [...Map.groupBy(people.answered.values(), (type) => type)].map(([type, all]) => `${all.length} ${type}`);
    say(
      `  answered: ${kinds.toSorted().join(', ')}; ${rows.length} rows, ${told.ids} events of them on tmws.security, ${told.again} sent again under their id`,
    );
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}

/** Some who sign in and out, make and end keys, and ask for what they may not. Each request is known by its user agent. */
function openPeople(url: string) {
  /** What the audit has to say of each request that was answered. */
  const answered = new Map<string, string>();
  const state = { over: false, made: 0 };

  const ask = async (
    path: string,
    { secret, expect, type, ...init }: RequestInit & { secret?: string; expect: number; type: string },
  ): Promise<Response> => {
    const agent = `request-${state.made++}`;
    const headers = new Headers(init.headers);
    headers.set('user-agent', agent);
    if (secret !== undefined) headers.set('authorization', `Bearer ${secret}`);
    const response = await fetch(`${url}${path}`, { ...init, headers });
    if (response.status === 503) throw new Error('not there yet');
    assert.equal(response.status, expect, `${init.method ?? 'GET'} ${path}`);
    answered.set(agent, type);
    return response;
  };
  const json = { 'content-type': 'application/json' };
  const everything = async (): Promise<void> => {
    const body = JSON.stringify({ name: 'brief', role: 'viewer' });
    const keys = '/api/v1/auth/keys';
    const made = await ask(keys, {
      method: 'POST',
      body,
      headers: json,
      secret: adminKey,
      expect: 201,
      type: 'tmws.admin.acted',
    });
    const { secret } = (await made.json()) as { secret: string };
    await ask('/api/v1/executions', { secret, expect: 200, type: 'tmws.auth.succeeded' });
    await ask('/api/v1/audit', { secret, expect: 403, type: 'tmws.permission.denied' });
    await ask('/api/v1/executions', { secret: wrongKey, expect: 401, type: 'tmws.auth.failed' });
    const signIn = { method: 'POST', body: JSON.stringify({ key: secret }), headers: json };
    const session = await ask('/api/v1/session', { ...signIn, expect: 200, type: 'tmws.auth.succeeded' });
    const cookie = session.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const { csrf } = (await session.json()) as { csrf: string };
    const out = { method: 'DELETE', headers: { cookie, 'x-tmws-csrf': csrf } };
    await ask('/api/v1/session', { ...out, expect: 204, type: 'tmws.auth.ended' });
    const path = `${keys}/${secret.slice(0, 13)}`;
    await ask(path, { method: 'DELETE', secret: adminKey, expect: 200, type: 'tmws.admin.acted' });
  };
  const again = async (): Promise<void> => {
    while (!state.over) {
      try {
        await everything();
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        await delay(50);
      }
    }
  };
  const all = Promise.all([again(), again(), again(), again()]);
  all.catch(() => undefined);
  return {
    answered,
    /** @throws AssertionError when somebody was answered otherwise */
    async leave() {
      state.over = true;
      await all;
    },
  };
}

async function get<T>(fleet: Running, path: string): Promise<T> {
  const response = await fetch(`${fleet.url}${path}`, { headers: { authorization: `Bearer ${adminKey}` } });
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}

async function verify(fleet: Running): Promise<void> {
  const verdict = await get<{ whole: boolean }>(fleet, '/api/v1/audit/verify');
  assert.ok(verdict.whole, JSON.stringify(verdict));
}

/** Newest first. */
async function rowsOf(fleet: Running): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | undefined; cursor !== '';) {
    const after: string = cursor === undefined ? '' : `&cursor=${cursor}`;
    const page: { items: Row[]; nextCursor: string } = await get(fleet, `/api/v1/audit?limit=500${after}`);
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}

/** Until the events are those of the rows, no more and no fewer. */
async function allTold(fleet: Running): Promise<{ ids: number; again: number }> {
  const signIn = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN', 'sasl.username': 'e2e' };
  const settings = Object.entries({ ...signIn, 'sasl.password': adminKey }).flatMap(([name, value]) => [
    '-X',
    `${name}=${value}`,
  ]);
  const args = ['-C', '-b', fleet.kafka, '-t', 'tmws.security', '-o', 'beginning', '-e', '-q', '-f', '%h\n', ...settings];
  const kcat = await installKcat(cacheDir());
  return await eventually(
    async () => {
      const { stdout } = await run(kcat, args, { timeout: 20_000, maxBuffer: 1 << 28 });
      const ids = [...stdout.matchAll(/\bce_id=(audit\/\d+)/g)].map(([, id]) => id);
      const distinct = new Set(ids);
      const rows = new Set((await rowsOf(fleet)).map(({ seq }) => `audit/${seq}`));
      assert.deepEqual(
        [[...rows.difference(distinct)], [...distinct.difference(rows)]],
        [[], []],
        'rows without event, events without row',
      );
      return { ids: distinct.size, again: ids.length - distinct.size };
    },
    { timeoutMs: 30_000 },
  );
}
