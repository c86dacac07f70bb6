import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { emailMessage } from '../src/outbound/email-sink-message.ts';
import { SinkFault, retryAfterMs } from '../src/outbound/sink-answer.ts';
import { renderingOf } from '../src/outbound/sink-templates.ts';
import { slackMessage } from '../src/outbound/slack-sink-message.ts';
import { templateSet } from '../src/domain/template/template-set.ts';
import { doc, docAlert, notification, sentAtMs } from './sent-notification.ts';

const templates = templateSet([]);
/** What somebody would try who wants a header, a mention or a page of their own. */
const evil = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r',
        '\n',
        '\r\n',
        '\0',
        ':',
        'Bcc: eve@example.org',
        '\u2028',
        ',',
        '<',
        '>',
        '"',
        '\\',
        ' ',
        '=?utf-8?q?=0ABcc:?=',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

test('whatever labels hold, a mail has the headers it should have and no others, and goes to whom it should', async () => {
  const config = {
    to: 'ann@example.org',
    from: '{{ .CommonLabels.a }} <tmws@example.org>',
    headers: { Subject: '{{ .CommonLabels.a }}', 'X-Team': '{{ .CommonLabels.a }}', 'Reply-To': '{{ .CommonLabels.a }}' },
  };
  const known = /^(?:auto-submitted|x-team|from|to|subject|reply-to|message-id|date|mime-version|content-type)$/;
  await fc.assert(
    fc.asyncProperty(evil, async (a) => {
      const rendering = renderingOf(templates, doc({ commonLabels: { a }, alerts: [docAlert({ alertname: a })] }), sentAtMs);
      let message;
      try {
        message = emailMessage(config, {}, rendering, notification(), { nowMs: sentAtMs, threads: false }).mail;
      } catch (error) {
        // A sender's name may make the sender none.
        expect(error).toBeInstanceOf(SinkFault);
        return;
      }
      expect(message.envelope).toEqual({ from: 'tmws@example.org', to: ['ann@example.org'] });
      const [head = ''] = (await new MailComposer(message).compile().build()).toString('latin1').split('\r\n\r\n');
      const names = head
        .replaceAll(/\r\n[ \t]/g, ' ')
        .split('\r\n')
        .map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
      expect(names.filter((name) => !known.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 300 },
  );
});

test('whatever labels hold, Slack gets a message that it takes', () => {
  fc.assert(
    fc.property(evil, fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 0, max: 40 }), (a, times, alerts) => {
      const value = a.repeat(times).slice(0, 40_000);
      const given = doc({
        commonLabels: { a: value },
        alerts: Array.from({ length: alerts }, () => docAlert({ alertname: value })),
      });
      const text = '{{ range .Alerts }}{{ .Labels.alertname }}{{ end }}';
      const label = '{{ .CommonLabels.a }}';
      const config = {
        title: label,
        text,
        pretext: label,
        footer: label,
        fields: Array.from({ length: 5 }, () => ({ title: label, value: label })),
      };
      const { attachments } = slackMessage(config, renderingOf(templates, given, sentAtMs)) as {
        attachments: { title?: string }[];
      };
      const texts = JSON.stringify(attachments, (_, inner: unknown) =>
        typeof inner === 'string' ? 'x'.repeat(inner.length) : inner,
      );
      expect(texts.length).toBeLessThan(13_200);
      expect(Array.from(attachments[0]?.title ?? '').length).toBeLessThanOrEqual(1024);
    }),
    { numRuns: 100 },
  );
});

test('Retry-After is a wait from none to an hour, or says nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.integer().map(String),
        fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      ),
      (header) => {
        const ms = retryAfterMs(header, sentAtMs);
        expect(ms === undefined || (ms >= 0 && ms <= 3_600_000)).toBe(true);
      },
    ),
  );
});
