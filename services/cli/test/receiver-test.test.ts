import { runCli } from '../src/run-cli.ts';
import { openFakeGateway } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const told = { name: 'slack/0', sent: true, receipt: '200 ok', error: '', tookMs: 12 };
const failed = { name: 'email/0', sent: false, receipt: '', error: 'the mail server answered 550 unknown here', tookMs: 3 };

const tmws = async (items: readonly object[], ...words: string[]) => {
  const gateway = await openFakeGateway({ 'POST /api/v1/receivers/team%2Fdb/test': () => ({ items }) });
  try {
    const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url } });
    return { code: await runCli(words, terminal), ...written, asked: gateway.asked };
  } finally {
    await gateway.close();
  }
};

test('a receiver that takes its test ends with 0, and each integration says what it answered', async () => {
  const { code, out, asked } = await tmws(
    [told],
    ...['receiver', 'test', 'team/db', '--integration', 'slack/0', '--label', 'severity=critical', '--label', 'note=a=b'],
  );
  expect([code, out]).toEqual([0, 'slack/0\tyes\t12 ms\t200 ok\n']);
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    integration: 'slack/0',
    labels: { severity: 'critical', note: 'a=b' },
  });
});

test('one integration that was not told ends it with 1, and says why', async () => {
  const { code, out } = await tmws([told, failed], 'receiver', 'test', 'team/db');
  expect(code).toBe(1);
  expect(out).toContain('email/0\tno\t3 ms\tthe mail server answered 550 unknown here\n');
});

test('what is no label is told before anything is sent', async () => {
  const { code, err, asked } = await tmws([told], 'receiver', 'test', 'team/db', '--label', 'critical');
  expect([code, asked]).toEqual([2, []]);
  expect(err).toContain('"critical" is no label; write name=value');
});
