// What addresses in the environment alone make: both files' receivers as sinks.
import { loadConfig } from '../src/config.ts';
import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { quickConfig } from '../src/domain/quick-config.ts';
import { openSinks } from '../src/outbound/sinks.ts';
import { policyFrom } from '../src/usecases/load-policy.ts';
import { quickMore } from '../src/domain/quick-more.ts';

const bot = { ALERTING_SLACK_BOT_TOKEN: 'xoxb-s3cret', ALERTING_SLACK_CHANNEL: '#alerts' };
const mail = { ALERTING_EMAIL_TO: 'ann@example.org', ALERTING_EMAIL_FROM: 'tmws@example.org' };

async function opened(env: Record<string, string>, file = '') {
  const config = loadConfig(env);
  const read = parseAlertmanagerConfig(quickConfig(config));
  const source = file === '' ? undefined : { name: 'policy.yml', read: () => Promise.resolve(file) };
  const policy = await policyFrom(source, 'fallback', quickMore(config))(read);
  const sinks = await openSinks(read, { more: policy.receivers, folder: '/', clock: () => 0, mailThreads: true });
  const told = (receiver: string) => sinks.integrationsOf(receiver).map(({ name, sendResolved }) => `${name} ${sendResolved}`);
  return { told, policy, close: sinks.close };
}

test.each<[string, Record<string, string>, string, string[]]>([
  ['a bot', bot, 'slack', ['slack_bot/0 true']],
  ['SendGrid', { ...mail, ALERTING_SENDGRID_API_KEY: 'SG.s3cret' }, 'mail', ['sendgrid/0 false']],
  ['Splunk', { ALERTING_SIEM_URL: 'splunk+https://hec:8088', ALERTING_SIEM_TOKEN: 's3cret' }, 'siem', ['splunk_hec/0 false']],
  ['Elasticsearch', { ALERTING_SIEM_URL: 'elasticsearch+http://es:9200/alerts' }, 'siem', ['elasticsearch/0 false']],
  ['syslog', { ALERTING_SIEM_URL: 'syslog+tls://siem:6514?format=ocsf' }, 'siem', ['syslog/0 false']],
  [
    'a signed webhook',
    { ALERTING_SIEM_URL: 'https://siem.example/s3cret', ALERTING_WEBHOOK_SECRET: 's3cret' },
    'siem',
    ['signed_webhook/0 false'],
  ],
])('%s is told by the environment alone, and the policy that is shown holds no secret', async (_, env, receiver, expected) => {
  const { told, policy, close } = await opened(env);
  close();
  expect(told(receiver)).toEqual(expected);
  expect(told('everybody')).toHaveLength(1);
  expect(policy.original).toContain(`name: ${receiver}`);
  expect(policy.original).not.toContain('s3cret');
});

test('a policy file adds to the receivers that the environment makes', async () => {
  const file = 'receivers:\n- {name: slack, syslog_configs: [{address: "tcp://a:601"}]}\n';
  const { told, policy, close } = await opened(bot, file);
  close();
  expect(told('slack')).toEqual(['slack_bot/0 true', 'syslog/0 true']);
  expect(policy.original).toContain('tcp://a:601');
});
