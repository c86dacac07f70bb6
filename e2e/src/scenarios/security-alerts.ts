// What users were promised first: five failed sign-ins are a mail, critical events are told to the SIEM, violated limits to Slack; by the
// environment alone, once, whatever is killed.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, startExim, tempDir } from '@tmws/testkit';
import { type Running, startOneProcess } from '../fleet.ts';
import { openMailServer, openWebhook, type Receiver } from '../receivers.ts';
import type { Say, Scenario } from '../scenario.ts';

export function securityAlertScenarios(rounds: number, { exim }: { exim: boolean }): Scenario[] {
  return [
    { name: 'security alerts: five failed sign-ins, a critical event and a violation, each told once', seconds: 16, run: once },
    {
      name: `security alerts: ${rounds} times kill -9 between the event and the message`,
      seconds: 41,
      run: (say) => killed(rounds, say),
    },
    ...(exim
      ? [{ name: "security alerts: five failed sign-ins are one mail in Debian's Exim", seconds: 10, run: throughExim }]
      : []),
  ];
}

const adminKey = 'e2e-admin-key-of-no-value-0123456789abcdef';
const soon = { timeoutMs: 60_000 };

async function started(dir: string, env: NodeJS.ProcessEnv): Promise<Running> {
  const keyFile = join(dir, 'admin.key');
  await writeFile(keyFile, adminKey);
  return await startOneProcess(join(dir, 'data'), {
    TMWS_AUTH: 'on',
    TMWS_ADMIN_KEY_FILE: keyFile,
    GATEWAY_SIGN_IN_LIMIT: '0',
    ...env,
  });
}

async function once(say: Say): Promise<void> {
  await using dir = await tempDir('e2e-security-alerts');
  await using mail = await openMailServer();
  await using slack = await openWebhook();
  await using siem = await openWebhook();
  const fleet = await started(dir.path, {
    ALERTING_SMTP_URL: mail.url,
    ALERTING_EMAIL_TO: 'ops@example.org',
    ALERTING_SLACK_WEBHOOK_URL: slack.url,
    ALERTING_SIEM_URL: siem.url,
  });
  try {
    await tellsEvents(fleet);
    const signIn = await failSignIns(fleet, 'tmws_0f3a11aa');
    const critical = await send(fleet, 'tmws.security.observed', 'e-1', {
      principal: 'ann',
      severity: 'critical',
      reason: 'prompt injection',
    });
    const violation = await send(fleet, 'tmws.traffic.violated', 'v-1', {
      rule: 'checkout',
      key: 'user=ann',
      limit: 10,
      hits: 14,
    });
    const tookMs = {
      mail: await firstAfter(mail, signIn),
      siem: await firstAfter(siem, critical),
      slack: await firstAfter(slack, violation),
    };
    assert.match(mail.messages[0]?.body ?? '', /5 failed sign-ins as tmws_0f3a11aa from 127\.0\.0\.1 within 5m/);
    assert.match(siem.messages.at(-1)?.body ?? '', /"summary":"prompt injection: ann"/);
    assert.match(slack.messages[0]?.body ?? '', /checkout was exceeded once by user=ann: 14 calls, 10 are allowed/);
    // Long enough for anything that would be told twice; the next interval of a group is a minute away.
    await fleet.kill('fleet');
    await fleet.start('fleet');
    await delay(3_000);
    assert.deepEqual(
      [mail, siem, slack].map(({ messages }) => messages.length),
      [1, 2, 1],
      'told more than once',
    );
    say(
      `  from the event to its message: SIEM ${tookMs.siem} ms, mail ${tookMs.mail} ms (group_wait 1 s), Slack ${tookMs.slack} ms (group_wait 5 s)`,
    );
  } finally {
    await fleet.stop();
  }
}

/** A group for each user, critical event and limit, looked at each second: what would be told twice is told twice soon. */
const config = (mail: string, siem: string, slack: string): string => `
route:
  receiver: none
  group_interval: 1s
  repeat_interval: 4h
  routes:
    - {matchers: [tmws_source="auth"], receiver: mail, group_by: [alertname, user], group_wait: 300ms}
    - {matchers: [tmws_source="security"], receiver: siem, group_by: ['...'], group_wait: 0s}
    - {matchers: [tmws_source="traffic"], receiver: slack, group_by: [rule], group_wait: 300ms}
receivers:
  - {name: none}
  - {name: mail, email_configs: [{to: ops@example.org, from: tmws@example.org, smarthost: "${new URL(mail).host}", require_tls: false}]}
  - {name: siem, webhook_configs: [{url: "${siem}", send_resolved: false}]}
  - {name: slack, webhook_configs: [{url: "${slack}"}]}
`;

async function killed(rounds: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-security-alerts');
  await using mail = await openMailServer();
  await using slack = await openWebhook();
  await using siem = await openWebhook();
  const file = join(dir.path, 'alertmanager.yml');
  await writeFile(file, config(mail.url, siem.url, slack.url));
  const fleet = await started(dir.path, { ALERTING_CONFIG_FILE: file });
  const names = Array.from({ length: rounds }, (_, round) => (0x10000000 + round * 7919).toString(16));
  try {
    await tellsEvents(fleet);
    for (const name of names) {
      const sent = Promise.all([
        failSignIns(fleet, `tmws_${name}`),
        send(fleet, 'tmws.security.observed', `c-${name}`, { principal: `p${name}`, severity: 'critical' }),
        send(fleet, 'tmws.traffic.violated', `v-${name}`, { rule: `limit-${name}`, key: 'user=ann' }),
      ]);
      await delay(Math.random() * 1_500);
      await fleet.kill('fleet');
      await fleet.start('fleet');
      await sent;
    }
    const told = (receiver: Receiver, text: string): number =>
      new Set(receiver.messages.filter(({ body }) => body.includes(text)).map(({ id }) => id)).size;
    const counts = (): [string, number][] =>
      names.flatMap((name) => [
        [`mail of tmws_${name}`, told(mail, `as tmws_${name} from`)],
        [`SIEM of c-${name}`, told(siem, `"c-${name}"`)],
        [`Slack of limit-${name}`, told(slack, `"limit-${name}"`)],
      ]);
    await eventually(
      () =>
        assert.deepEqual(
          counts().filter(([, count]) => count === 0),
          [],
          'accepted and never told',
        ),
      soon,
    );
    await delay(2_000);
    assert.deepEqual(
      counts().filter(([, count]) => count !== 1),
      [],
      'told in two messages',
    );
    const repeats = [mail, siem, slack].reduce(
      (sum, { messages }) => sum + messages.length - new Set(messages.map(({ id }) => id)).size,
      0,
    );
    say(`  ${counts().length} alerts of events, 0 lost, 0 told in two messages; ${repeats} messages sent again under their id`);
  } finally {
    await fleet.stop();
  }
}

async function throughExim(): Promise<void> {
  await using dir = await tempDir('e2e-security-alerts');
  await using exim = await startExim();
  const fleet = await started(dir.path, {
    ALERTING_SMTP_URL: `smtp://${exim.host}:${exim.port}`,
    ALERTING_EMAIL_TO: 'ops@example.org',
  });
  try {
    await tellsEvents(fleet);
    await failSignIns(fleet, 'tmws_0f3a11aa');
    // Who has no SIEM gets critical events by mail too.
    const about = async () => (await exim.mails()).filter((mail) => /^Subject: .*FailedSignIns/m.test(mail)).length;
    await eventually(async () => assert.equal(await about(), 1), soon);
    await delay(2_000);
    assert.equal(await about(), 1, 'more than one mail');
  } finally {
    await fleet.stop();
  }
}

/** Five requests with a key that is none. @returns when the fifth was refused */
async function failSignIns(fleet: Running, prefix: string): Promise<number> {
  const credential = `Bearer ${prefix}_${'x'.repeat(43)}`;
  for (let refused = 0; refused < 5;) {
    const answer = await fetch(`${fleet.url}/api/v1/executions`, { headers: { authorization: credential } }).catch(
      () => undefined,
    );
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.status === 401) refused++;
    else await delay(50);
  }
  return Date.now();
}

/** Until it is accepted. @returns when it was first tried */
async function send(fleet: Running, type: string, id: string, data: object): Promise<number> {
  const begin = Date.now();
  for (;;) {
    const answer = await fetch(`${fleet.url}/api/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${adminKey}`,
        'content-type': 'application/json',
        ...{ 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/e2e', 'ce-type': type },
      },
      body: JSON.stringify(data),
    }).catch(() => undefined);
    const text = await answer?.text().catch(() => '');
    if (answer?.status === 202) return begin;
    assert.ok(answer === undefined || answer.status >= 500, `${type} was refused: ${text ?? ''}`);
    await delay(50);
  }
}

/** The consumer has its place in the group: what is measured after it is not the start. */
async function tellsEvents(fleet: Running): Promise<void> {
  await send(fleet, 'tmws.security.observed', 'warm', { principal: 'nobody', severity: 'critical', reason: 'is anybody there?' });
  await eventually(async () => {
    const answer = await fetch(`${fleet.alertmanager}/api/v2/alerts`, { headers: { authorization: `Bearer ${adminKey}` } });
    assert.match(await answer.text(), /is anybody there/);
  }, soon);
}

async function firstAfter({ messages }: Receiver, sinceMs: number): Promise<number> {
  const first = () => messages.find(({ atMs }) => atMs >= sinceMs);
  await eventually(() => assert.ok(first() !== undefined), soon);
  return (first()?.atMs ?? 0) - sinceMs;
}
