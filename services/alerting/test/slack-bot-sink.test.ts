import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { parsePolicy } from '../src/domain/config/policy-file.ts';
import { openSinks } from '../src/outbound/sinks.ts';
import type { NotificationDoc, SinkAnswer, TakenNotification } from '../src/ports.ts';
import type { GroupCare } from '../src/read-ports.ts';
import { botToken, type FakeSlackBot, type SlackPosted, startFakeSlackBot } from './fake-slack-bot.ts';
import { doc, docAlert, notification, sentAtMs } from './sent-notification.ts';

const nobody: GroupCare = { groupId: '4c805096b322d979', acknowledged: [], silenced: [] };

/** The bot as the policy file has it. `more`: further fields, as YAML in one line. */
async function openBot(slack: FakeSlackBot, more = '', care: () => GroupCare = () => nobody, channel = 'C0123456789') {
  const config = parseAlertmanagerConfig('route: {receiver: team}\nreceivers: [{name: team}]\n');
  const bot = `{api_url: "${slack.url}", bot_token: "${botToken}", channel: "${channel}", signing_secret: "hush"${more === '' ? '' : `, ${more}`}}`;
  const { receivers } = parsePolicy(`receivers: [{name: team, slack_bot_configs: [${bot}]}]`, ['team']);
  const sinks = await openSinks(config, { more: receivers, folder: '/', clock: () => sentAtMs, care });
  return { ...sinks, sink: sinks.sinkOf('team', 'slack_bot/0')!, [Symbol.dispose]: () => sinks.close() };
}

let ids = 0;
const fingerprintOf = (name: string): string => Buffer.from(name.padEnd(8, '.')).toString('hex');
/** A message of the group about alerts of these names. */
function about(firing: readonly string[], resolved: readonly string[] = [], more: Partial<TakenNotification> = {}) {
  const alert = (name: string, over: object) =>
    docAlert({ alertname: 'Down', instance: name }, { fingerprint: fingerprintOf(name), ...over });
  const told: NotificationDoc = doc({
    status: firing.length > 0 ? 'firing' : 'resolved',
    alerts: [
      ...firing.map((name) => alert(name, {})),
      ...resolved.map((name) => alert(name, { status: 'resolved', endsAt: '2026-11-22T12:00:00.000Z' })),
    ],
  });
  const id = `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const [now, over] = [firing.map(fingerprintOf), resolved.map(fingerprintOf)];
  return notification(told, { id, integration: 'slack_bot/0', firing: now, resolved: over, ...more });
}

const handleOf = (answer: SinkAnswer): string => (answer.sent ? (answer.handle ?? '') : '');
const saysOf = (message: SlackPosted | undefined): string => JSON.stringify(message?.blocks ?? []);

test('the first notification of a group posts a message, the next ones edit it and say in its thread what changed', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  expect(bot.integrationsOf('team')).toMatchObject([{ name: 'slack_bot/0', sendResolved: true, guarantee: 'exactly_once' }]);
  const first = await bot.sink(about(['a']));
  const [message] = slack.top();
  expect(first).toMatchObject({ sent: true, receipt: `C0123456789 ${message?.ts}` });
  expect(message).toMatchObject({ text: expect.stringContaining('[FIRING:1] Down') as string, edits: 0 });
  expect(message?.metadata).toMatchObject({
    event_type: 'tmws_notification',
    event_payload: { id: expect.any(String) as string },
  });
  const second = await bot.sink(about(['a', 'b'], [], { reason: 'new firing', handle: handleOf(first) }));
  const third = await bot.sink(about(['b'], ['a'], { reason: 'new resolved', handle: handleOf(second) }));
  expect([slack.top().length, message?.edits]).toEqual([1, 2]);
  expect(slack.replies(message).map(saysOf)).toEqual([
    expect.stringMatching(/New: 1 alert.*instance=b/),
    expect.stringMatching(/Resolved: 1 alert.*instance=a/),
  ]);
  await bot.sink(about([], ['b'], { reason: 'all resolved', handle: handleOf(third) }));
  expect(saysOf(message)).toMatch(/:large_green_circle: \[RESOLVED\] Down/);
  expect(saysOf(message)).not.toMatch(/:red_circle:|tmws_acknowledge|tmws_silence/);
  expect(saysOf(slack.replies(message)[2])).toMatch(/nothing fires any more/);
  expect(slack.messages.filter(({ broadcast }) => broadcast)).toEqual([]);
});

test('a burst of thirty changes is one message and its edits', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack, 'thread: false');
  let handle = '';
  for (let change = 1; change <= 30; change++) {
    const names = Array.from({ length: change }, (_, n) => `n${n}`);
    handle = handleOf(await bot.sink(about(names, [], { reason: 'new firing', handle })));
  }
  expect(slack.messages.length).toBe(1);
  expect(slack.messages[0]).toMatchObject({ edits: 29 });
  expect(saysOf(slack.messages[0])).toMatch(/FIRING:30/);
});

test('a group that fires again after all was resolved is a new message', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  const first = handleOf(await bot.sink(about(['a'])));
  const over = handleOf(await bot.sink(about([], ['a'], { handle: first })));
  await bot.sink(about(['a'], [], { handle: over }));
  expect(slack.top().map(({ text }) => text.slice(0, 10))).toEqual(['[RESOLVED]', '[FIRING:1]']);
});

test('repeats and escalations are said in the thread and shown in the channel; what is only looked after is not', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  const handle = handleOf(await bot.sink(about(['a'])));
  await bot.sink(about(['a'], [], { handle, reason: 'repeat' }));
  await bot.sink(about(['a'], [], { handle, reason: 'acknowledged' }));
  const escalated = about(['a'], [], { handle, reason: 'escalation' });
  await bot.sink(escalated);
  expect(slack.replies(slack.top()[0]).map(({ broadcast, text }) => [broadcast, text])).toEqual([
    [true, ':bell: Still firing: 1 alert.'],
    [true, ':rotating_light: Escalated: nobody acknowledged it'],
  ]);
});

test.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])(
  'a message that cannot be edited any more (%s) is posted anew',
  async (error) => {
    await using slack = await startFakeSlackBot();
    using bot = await openBot(slack);
    const handle = handleOf(await bot.sink(about(['a'])));
    slack.next('chat.update', { error });
    const answer = await bot.sink(about(['a', 'b'], [], { handle }));
    expect(slack.top().length).toBe(2);
    expect(handleOf(answer)).toContain(slack.top()[1]!.ts);
  },
);

test.each(['lost', 'half', 'hang'] as const)(
  'a post whose answer is lost (%s) is found again by its metadata, and nothing is said twice',
  async (trouble) => {
    await using slack = await startFakeSlackBot();
    using bot = await openBot(slack, 'timeout: 200ms');
    slack.next('chat.postMessage', trouble);
    const one = about(['a']);
    const failed = await bot.sink(one);
    expect(failed).toMatchObject({ sent: false, permanent: false });
    const progress = failed.sent ? '' : (failed.progress ?? '');
    expect(await bot.sink({ ...one, attempts: 2, progress })).toMatchObject({ sent: true });
    expect(slack.messages.length).toBe(1);
  },
);

test('after a kill between a post and its receipt another process finds the message among many', async () => {
  await using slack = await startFakeSlackBot();
  const one = about(['a']);
  {
    using killed = await openBot(slack);
    await killed.sink(one);
  }
  using bot = await openBot(slack);
  for (let n = 0; n < 130; n++) await bot.sink(about([`o${n}`], [], { groupNo: BigInt(n + 2) }));
  const answer = await bot.sink({ ...one, attempts: 2 });
  expect(answer).toMatchObject({ sent: true, receipt: `C0123456789 ${slack.top()[0]?.ts}` });
  expect(slack.top().length).toBe(131);
  const looked = slack.calls.filter(({ method }) => method === 'conversations.history');
  expect(looked.length).toBe(2);
  expect(Number(looked[0]?.given.oldest)).toBe(sentAtMs / 1000 - 7200);
});

test('a channel by its name is looked up where the app may list channels, and said to as it is named where it may not', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack, '', () => nobody, '#security');
  const one = about(['a']);
  await bot.sink(one);
  expect(await bot.sink({ ...one, attempts: 2 })).toMatchObject({ sent: true, receipt: `C0987654321 ${slack.top()[0]?.ts}` });
  expect(slack.top().length).toBe(1);
  slack.always('conversations.list', { error: 'missing_scope' });
  using other = await openBot(slack, '', () => nobody, '#security');
  await other.sink({ ...one, attempts: 2 });
  expect(slack.top().length).toBe(2);
});

test('while the channel cannot be looked into, nothing is posted a second time', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  slack.next('conversations.history', { status: 503 }, { status: 429, headers: { 'retry-after': '2' } });
  const one = about(['a'], [], { attempts: 2 });
  const first = await bot.sink(one);
  const progress = first.sent ? '' : (first.progress ?? '');
  expect(first).toMatchObject({ sent: false, permanent: false });
  expect(await bot.sink({ ...one, attempts: 3, progress })).toMatchObject({ sent: false, retryAfterMs: 2000 });
  expect(slack.messages).toEqual([]);
});

test('a message of an escalation says why, and its buttons are for the one alert', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack, '', () => ({ ...nobody, groupId: undefined }));
  const alert = docAlert({ alertname: 'Down' }, { annotations: { tmws_escalation: 'nobody acknowledged it by step 1 of 2' } });
  const told = doc({ alerts: [alert], commonAnnotations: alert.annotations });
  await bot.sink(notification(told, { reason: 'escalation' }));
  expect(saysOf(slack.top()[0])).toMatch(/:rotating_light: nobody acknowledged it by step 1 of 2/);
  expect(saysOf(slack.top()[0])).toContain('"a:0123456789abcdef:default"');
  expect(slack.messages.length).toBe(1);
});

test('a notification that took the place of one whose answer was lost edits the message that is there', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  slack.next('chat.postMessage', 'lost');
  await bot.sink(about(['a']));
  expect(await bot.sink(about(['a', 'b']))).toMatchObject({ sent: true });
  expect(slack.top().map(({ text, edits }) => [text.slice(0, 10), edits])).toEqual([['[FIRING:2]', 1]]);
});

test('a reply whose answer is lost is looked for in the thread, and the message is not edited again', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  const handle = handleOf(await bot.sink(about(['a'])));
  slack.next('chat.postMessage', 'lost');
  const change = about(['a', 'b'], [], { handle });
  const failed = await bot.sink(change);
  const progress = failed.sent ? '' : (failed.progress ?? '');
  expect(await bot.sink({ ...change, attempts: 2, progress })).toMatchObject({ sent: true });
  expect([slack.replies(slack.top()[0]).length, slack.top()[0]?.edits]).toEqual([1, 1]);
});

test('an app that may not read the channel posts again: at least once', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  slack.always('conversations.history', { error: 'missing_scope' });
  expect(await bot.sink(about(['a'], [], { attempts: 2 }))).toMatchObject({ sent: true });
  expect(slack.top().length).toBe(1);
});

test('what was certainly refused is not looked for: a wait is as long as Slack says', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  slack.next('chat.postMessage', { status: 429, headers: { 'retry-after': '7' } });
  const one = about(['a']);
  const failed = await bot.sink(one);
  expect(failed).toMatchObject({ sent: false, permanent: false, retryAfterMs: 7000 });
  await bot.sink({ ...one, attempts: 2, progress: failed.sent ? '' : (failed.progress ?? '') });
  expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.postMessage']);
});

test.each([
  [{ error: 'channel_not_found' }, { permanent: true, error: 'Slack answered: channel_not_found' }],
  [{ error: 'invalid_auth' }, { permanent: true, error: 'Slack answered: invalid_auth' }],
  [{ error: 'is_archived' }, { permanent: true, error: 'Slack answered: is_archived' }],
  [
    { error: 'ratelimited', headers: { 'retry-after': '3' } },
    { permanent: false, retryAfterMs: 3000 },
  ],
  [{ error: 'internal_error' }, { permanent: false, error: 'Slack answered: internal_error' }],
  [{ error: 'service_unavailable' }, { permanent: false }],
  [
    { status: 500, body: 'oops' },
    { permanent: false, error: 'Slack answered 500 Internal Server Error' },
  ],
  [
    { status: 200, body: '<html>' },
    { permanent: false, error: 'Slack answered what is no answer of its Web API' },
  ],
  ['cut' as const, { permanent: false }],
])('%j is told as what it is', async (trouble, told) => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  slack.next('chat.postMessage', trouble);
  const answer = await bot.sink(about(['a']));
  expect(answer).toMatchObject({ sent: false, ...told });
  expect(JSON.stringify(answer)).not.toContain(botToken);
});

test('five hundred alerts stay within the limits: the rest is in the thread, and beyond that a number and a link', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  const names = Array.from({ length: 500 }, (_, n) => `${'host-with-a-long-name-'.repeat(5)}${n}`);
  expect(await bot.sink(about(names))).toMatchObject({ sent: true });
  const [message] = slack.top();
  expect(saysOf(message)).toMatch(
    /and \d+ more alerts: <http:\/\/tmws.example\/alerts\?group=4c805096b322d979&amp;namespace=default\|/,
  );
  const replies = slack.replies(message);
  expect(replies.length).toBe(5);
  expect(saysOf(replies.at(-1))).toMatch(/and \d+ more: <http/);
  for (const { blocks } of slack.messages) expect(JSON.stringify(blocks).length).toBeLessThan(12_000);
});

test('a message that Slack finds too long all the same is told in a line', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack);
  slack.next('chat.postMessage', { error: 'msg_blocks_too_long' });
  expect(await bot.sink(about(['a']))).toMatchObject({ sent: true });
  expect(slack.top()[0]?.blocks.map(({ type }) => type)).toEqual(['header', 'context']);
});

test('values of labels begin no mention and no link, in templates of the file neither', async () => {
  await using slack = await startFakeSlackBot();
  const nasty = '<!channel> <@U1> & <http://x|y>';
  const labels = { alertname: nasty, [nasty]: nasty, job: 'api' };
  const told = doc({
    alerts: [docAlert(labels, { annotations: { summary: nasty }, generatorURL: 'javascript:alert(1)' })],
    groupLabels: { alertname: nasty },
    commonLabels: { job: nasty },
  });
  using plain = await openBot(slack);
  using own = await openBot(slack, `text: "*{{ .GroupLabels.alertname }}* <http://x|ours>", title: "t"`);
  await plain.sink(notification(told));
  await own.sink(notification(told, { groupNo: 2n }));
  for (const { blocks, text } of slack.messages) {
    const mrkdwn = JSON.stringify(blocks.filter(({ type }) => type !== 'header'));
    expect(mrkdwn + text).not.toMatch(/<!channel|<@|<http:\/\/x\|y|javascript/);
  }
  expect(saysOf(slack.messages[1])).toContain('*&lt;!channel&gt; &lt;@U1&gt; &amp; &lt;http://x|y&gt;* <http://x|ours>');
});

test('buttons name the group and its namespace, and the message says who looks after it', async () => {
  await using slack = await startFakeSlackBot();
  const untilMs = sentAtMs + 3_600_000;
  let care: GroupCare = nobody;
  using bot = await openBot(slack, '', () => care);
  const handle = handleOf(await bot.sink(about(['a', 'b'])));
  const elements = () => slack.top()[0]?.blocks.find(({ type }) => type === 'actions')?.elements ?? [];
  expect(
    elements().map(({ action_id: id, value, options, url }) => [id, value ?? options?.map((each) => each.value) ?? url]),
  ).toEqual([
    ['tmws_acknowledge', 'g:4c805096b322d979:default'],
    ['tmws_silence', ['1h', '4h', '1d'].map((time) => `${time} g:4c805096b322d979:default`)],
    ['tmws_open', 'http://tmws.example/alerts?group=4c805096b322d979&namespace=default'],
  ]);
  care = { ...nobody, acknowledged: [{ by: 'slack:ann', alerts: 2 }], silenced: [{ by: 'slack:ben', untilMs, alerts: 1 }] };
  await bot.sink(about(['a', 'b'], [], { handle, reason: 'acknowledged' }));
  expect(saysOf(slack.top()[0])).toMatch(
    /Acknowledged by \*slack:ann\*.*Silenced until <!date\^1795352400\^.*by \*slack:ben\* \(1 of 2\)/,
  );
  expect(elements().map(({ action_id: id }) => id)).toEqual(['tmws_silence', 'tmws_open']);
});

test('without buttons there is a link', async () => {
  await using slack = await startFakeSlackBot();
  using bot = await openBot(slack, 'actions: false');
  await bot.sink(about(['a']));
  expect(saysOf(slack.top()[0])).not.toContain('"actions"');
  expect(saysOf(slack.top()[0])).toMatch(
    /<http:\/\/tmws.example\/alerts\?group=4c805096b322d979&amp;namespace=default\|open in the console>/,
  );
});

test('what no message could be sent with is refused when the file is read', async () => {
  await using slack = await startFakeSlackBot();
  await expect(openBot(slack, 'title: "{{ .Nope"')).rejects.toThrow(/title/);
  await expect(openBot(slack, 'text: "{{ end }}"')).rejects.toThrow(/text/);
});
