// Mail through Exim, out of Debian's package.
import { eventually, startExim } from '@tmws/testkit';
import PostalMime from 'postal-mime';
import { openReceiver } from './open-receiver.ts';
import { doc, docAlert, notification } from './sent-notification.ts';

const installLimitMs = 300_000;

test(
  'a mail goes through Exim by STARTTLS and with a password, and what Exim refuses is final only where it says so',
  async () => {
    await using exim = await startExim();
    const open = (to: string, password = 'pw') =>
      openReceiver(
        `email_configs: [{to: "${to}"}]`,
        `global: {smtp_smarthost: "${exim.host}:${exim.port}", smtp_from: tmws@example.org, smtp_auth_username: ann, ` +
          `smtp_auth_password: ${password}, smtp_tls_config: {insecure_skip_verify: true}}`,
      );
    const { sink } = await open('ann@example.org, ben@example.org');
    const evil = docAlert(
      { alertname: 'Dämon\r\nBcc: eve@example.org', instance: '.' },
      { annotations: { summary: '\r\n.\r\nMAIL FROM:<x>' } },
    );
    expect(
      await sink('email/0')(notification(doc({ alerts: [evil], groupLabels: { alertname: 'Dämon\r\nBcc: eve@example.org' } }))),
    ).toEqual({
      sent: true,
      receipt: expect.stringMatching(/^250 OK id=\S+$/) as unknown,
    });
    await eventually(async () => (await exim.mails()).length === 2);
    const mail = await PostalMime.parse((await exim.mails())[0] ?? '');
    expect(mail).toMatchObject({
      subject: '[FIRING:1] Dämon Bcc: eve@example.org (api)',
      messageId: `<${notification().id}@example.org>`,
    });
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(mail.text).toContain('MAIL FROM:<x>');
    expect(mail.headers.find(({ key }) => key === 'received')?.value).toMatch(/with esmtpsa/);

    expect(await (await open('gone@example.org')).sink('email/0')(notification())).toEqual({
      sent: false,
      permanent: true,
      error: 'the mail server answered 550 unknown here',
    });
    expect(await (await open('later@example.org')).sink('email/0')(notification())).toEqual({
      sent: false,
      permanent: false,
      error: 'the mail server answered 451 come again',
    });
    expect(await (await open('a@example.org', 'wrong')).sink('email/0')(notification())).toEqual({
      sent: false,
      permanent: true,
      error: 'the mail server answered 535 Incorrect authentication data',
    });
    exim.pause();
    expect(await sink('email/0')(notification())).toMatchObject({ sent: false, permanent: false });
    exim.resume();
    await exim.kill();
    expect(await sink('email/0')(notification())).toMatchObject({ sent: false, permanent: false });
    await exim.start();
    expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
  },
  installLimitMs,
);

test(
  'the mails of a group, as they lie in the mailbox, stand below the first of them, and its server names each in its answer',
  async () => {
    await using exim = await startExim();
    const { sink } = await openReceiver(
      'email_configs: [{to: ann@example.org, send_resolved: true, threading: {enabled: true}}]',
      `global: {smtp_smarthost: "${exim.host}:${exim.port}", smtp_from: tmws@example.org, smtp_require_tls: false}`,
    );
    const ended = docAlert({ alertname: 'Down' }, { status: 'resolved', endsAt: '2026-11-22T12:00:00.000Z' });
    const said = [doc(), doc(), doc({ status: 'resolved', alerts: [ended] })];
    let handle = '';
    const receipts = new Set<string>();
    for (const [index, each] of said.entries()) {
      const answer = await sink('email/0')(notification(each, { id: `message-${index}`, handle }));
      if (!answer.sent) throw new Error(answer.error);
      handle = answer.handle ?? handle;
      receipts.add(answer.receipt);
    }
    await eventually(async () => (await exim.mails()).length === 3);
    expect([...receipts].every((receipt) => /^250 OK id=\S+$/.test(receipt)) && receipts.size).toBe(3);
    const mails = await Promise.all((await exim.mails()).map((mail) => PostalMime.parse(mail)));
    const seen = mails
      .map(({ messageId, inReplyTo, references }) => [messageId, inReplyTo, references])
      .toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? ''));
    const root = seen[0]?.[1];
    expect(root).toMatch(/^<alert-[0-9a-f]{16}-2026-11-22@tmws>$/);
    expect(seen).toEqual([
      ['<message-0@example.org>', root, root],
      ['<message-1@example.org>', '<message-0@example.org>', `${root} <message-0@example.org>`],
      ['<message-2@example.org>', '<message-0@example.org>', `${root} <message-0@example.org>`],
    ]);
  },
  installLimitMs,
);
