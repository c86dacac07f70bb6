// A burst of security events by kcat: one mail, one Slack message that is edited, one acknowledgement of Splunk's; with a kill between, too.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDir, eventually, installKcat, startKafka, startPostgres, tempDir } from '@tmws/testkit';
import { startAlerting } from '../alert-taker.ts';
import { startOneProcess } from '../fleet.ts';
import { openHoldingProxy } from '../holding-proxy.ts';
import { faultsOf, isQuiet, readLedger, readSecurityState } from '../invariants.ts';
import { type KnownReceivers, openKnownReceivers } from '../known-receivers.ts';
import { openMailServer } from '../receivers.ts';
import type { Say, Scenario } from '../scenario.ts';

export function securityBurstScenarios(rounds: number): Scenario[] {
  return [
    {
      name: 'security burst: fifty failed sign-ins by kcat are one mail, one Slack message that is edited, one HEC ack',
      seconds: 15,
      run: once,
    },
    {
      name: `security burst: ${rounds} times kill -9 between accept and delivery, and between sending and receipt; each told once`,
      seconds: 60,
      run: (say) => killed(rounds, say),
    },
  ];
}

const soon = { timeoutMs: 60_000 };
const burst = 25;
/** From the last event to the last of its messages. */
const longestMs = 15_000;

interface Waits {
  readonly mail: string;
  readonly slack: string;
  readonly groupBy: string;
}

/** Mail and Splunk wait for the whole burst; Slack is told at once, and of what comes then in the same message. */
const alertmanagerFile = (mail: string, { mail: wait, slack, groupBy }: Waits): string => `
route:
  receiver: nobody
  routes:
    - {receiver: mail, matchers: [alertname="FailedSignIns"], group_by: [${groupBy}], group_wait: ${wait}, group_interval: 1h, continue: true}
    - {receiver: siem, matchers: [alertname="FailedSignIns"], group_by: [${groupBy}], group_wait: ${wait}, group_interval: 1h, continue: true}
    - {receiver: chat, matchers: [alertname="FailedSignIns"], group_by: [${groupBy}], group_wait: ${slack}, group_interval: 1s}
receivers:
  - {name: nobody}
  - {name: mail, email_configs: [{to: ops@example.org, from: tmws@example.org, smarthost: "${mail}", require_tls: false}]}
  - {name: siem}
  - {name: chat}
`;

const policyFile = ({ slack, hec }: KnownReceivers): string =>
  `receivers:\n  - {name: siem, ${hec.yaml}}\n  - {name: chat, ${slack.yaml}}\n`;

/** Those who are told, and the files that say so. */
async function openReceivers(open: AsyncDisposableStack, waits: Waits) {
  const folder = open.use(await tempDir('e2e-security-burst')).path;
  const mail = open.use(await openMailServer());
  const mailWire = open.use(await openHoldingProxy(new URL(mail.url).host));
  const known = open.use(await openKnownReceivers());
  const env = { ALERTING_CONFIG_FILE: join(folder, 'am.yml'), ALERTING_POLICY_FILE: join(folder, 'policy.yml') };
  await writeFile(env.ALERTING_CONFIG_FILE, alertmanagerFile(mailWire.host, waits));
  await writeFile(env.ALERTING_POLICY_FILE, policyFile(known));
  return { folder, mail, mailWire, known, env };
}

async function once(say: Say): Promise<void> {
  await using open = new AsyncDisposableStack();
  const { folder, mail, known, env } = await openReceivers(open, { mail: '4s', slack: '300ms', groupBy: 'alertname' });
  const { slack, hec } = known;
  const fleet = await startOneProcess(join(folder, 'data'), env);
  try {
    await failSignIns(fleet.kafka, 'ann');
    await eventually(() => assert.equal(slack.seen(/ann/).length, 1), soon);
    const begin = performance.now();
    await failSignIns(fleet.kafka, 'bob');
    await eventually(() => {
      assert.equal(slack.seen(/bob/).length, 1, 'Slack');
      assert.equal(mail.messages.length, 1, 'mail');
      assert.equal(hec.fake.indexed.length, 2, 'events of Splunk');
    }, soon);
    const tookMs = Math.round(performance.now() - begin);
    assert.ok(tookMs < longestMs, `told ${tookMs} ms after the last event`);
    // Long enough for what would be told twice.
    await delay(2_000);
    assert.equal(mail.messages.length, 1, 'mails');
    assert.match(mail.messages[0]?.body ?? '', /ann[^]*bob/);
    const [message, ...others] = slack.fake.top();
    assert.deepEqual(others, [], 'another message in Slack');
    assert.ok((message?.edits ?? 0) > 0, 'the message in Slack was not edited');
    assert.deepEqual([hec.fake.requests.filter((each) => each.startsWith('post')), hec.fake.doubles()], [['post 200'], []]);
    say(
      `  ${2 * burst} events by kcat: one mail, one Slack message edited ${message?.edits ?? 0} times, one HEC ack, in ${tookMs} ms`,
    );
  } catch (error) {
    say(fleet.output());
    throw error;
  } finally {
    await fleet.stop();
  }
}

async function killed(rounds: number, say: Say): Promise<void> {
  await using open = new AsyncDisposableStack();
  const receivers = await openReceivers(open, { mail: '300ms', slack: '300ms', groupBy: 'alertname, user' });
  const { mail, mailWire, known, env } = receivers;
  const [postgres, kafka] = await Promise.all([startPostgres(), startKafka()]);
  open.use(postgres);
  open.use(kafka);
  const alerting = open.use(await startAlerting({ databaseUrl: postgres.url, brokers: kafka.brokers }, env));
  const users: string[] = [];
  const burstOf = async (user: string): Promise<void> => {
    users.push(user);
    await failSignIns(kafka.brokers, user);
  };
  const wires = [
    { wire: mailWire, said: /(?:^|\r\n)\.\r\n$/ },
    { wire: known.slack.wire, said: known.slack.said },
    { wire: known.hec.wire, said: known.hec.said },
  ];
  const mailsOf = (user: string) => mail.messages.filter(({ body }) => body.includes(user)).map(({ id }) => id);
  const toldOnce = (): void =>
    assert.deepEqual(
      users.map((user) => {
        const text = new RegExp(user);
        return [user, new Set(mailsOf(user)).size, known.slack.seen(text).length, known.hec.seen(text).length];
      }),
      users.map((user) => [user, 1, 1, 1]),
      'of each user: mails, messages in Slack, events of Splunk',
    );
  const settled = async (): Promise<void> =>
    await eventually(async () => {
      toldOnce();
      assert.ok(isQuiet(await readLedger(postgres.url)), 'messages are on their way');
    }, soon);
  try {
    for (let round = 0; round < rounds; round++) {
      await burstOf(`ann-${round}x`);
      await delay(Math.random() * 1_500);
      await alerting.kill();
      await alerting.start();
      await settled();
      for (const { wire, said } of wires) wire.hold(said);
      await burstOf(`bob-${round}x`);
      await eventually(() => wires.every(({ wire }) => wire.held > 0), soon);
      await alerting.kill();
      for (const { wire } of wires) wire.letGo();
      await alerting.start();
    }
    await settled();
    await delay(2_000);
    toldOnce();
    const { signIns, taken } = await readSecurityState(postgres.url);
    assert.deepEqual(
      [...signIns].toSorted(),
      users.map((user) => [user, burst] as const).toSorted(),
      'events that rules counted',
    );
    assert.equal(taken, users.length * burst, 'events below the offsets');
    const ledger = await readLedger(postgres.url);
    assert.deepEqual(faultsOf(ledger, []), []);
    const receipts = ledger.rows.filter(({ receiver, status }) => receiver === 'siem' && status === 'sent');
    for (const { receipt } of receipts) assert.match(receipt, /^ackId /);
    const mails = mail.messages.length;
    say(
      `  ${taken} events in ${users.length} bursts, each counted once: ${users.length} mails (${mails - users.length} sent again under their ` +
        `Message-ID), ${known.slack.fake.top().length} Slack messages, ${known.hec.fake.indexed.length} HEC events, ${receipts.length} with their ack`,
    );
  } catch (error) {
    say(alerting.output());
    throw error;
  }
}

/** Failed sign-ins of a user, each later than the one before and from another address, as CloudEvents in structured mode: one kcat. */
async function failSignIns(brokers: string, user: string): Promise<void> {
  const lines = Array.from({ length: burst }, (_, i) =>
    JSON.stringify({
      ...{ specversion: '1.0', id: `${user}-${i}`, source: '/e2e/kcat', type: 'tmws.auth.failed', subject: user },
      time: new Date(Date.now() - (burst - i) * 100).toISOString(),
      data: { principal: user, sourceIp: `203.0.113.${i + 1}`, method: 'POST /login', reason: 'wrong password' },
    }),
  );
  const header = 'content-type=application/cloudevents+json; charset=UTF-8';
  const child = spawn(await installKcat(cacheDir()), ['-P', '-b', brokers, '-t', 'tmws.security', '-k', user, '-H', header], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.end(`${lines.join('\n')}\n`);
  const [errors, code] = await Promise.all([
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject)),
  ]);
  assert.equal(code, 0, `kcat: ${errors.join('')}`);
}
