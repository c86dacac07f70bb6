// SendGrid's Mail Send, version 3: one POST a mail.
// Source: twilio.com/docs/sendgrid/api-reference/mail-send/mail-send and .../how-to-use-the-sendgrid-v3-api/{rate-limits,errors}.
import type { SendgridConfig } from '../domain/config/more-receivers.ts';
import type { NotificationDoc, Sink, SinkAnswer } from '../ports.ts';
import { senderOf } from './mail-parts.ts';
import { threadingFault } from './mail-thread.ts';
import { reservedHeaders, sendgridMail } from './sendgrid-sink-message.ts';
import { answering, type HttpAnswer, refusal, SinkFault } from './sink-answer.ts';
import { isHeaderName, textFaults } from './sink-checks.ts';
import { secretText } from './sink-credentials.ts';
import type { SinkKind } from './sink-kind.ts';
import { renderingOf } from './sink-templates.ts';
import { userAgent } from './webhook-sink.ts';

/** Of the EU's subusers: https://api.eu.sendgrid.com. */
const defaultUrl = 'https://api.sendgrid.com';

/**
 * The receipt is SendGrid's X-Message-Id, by which its activity feed and its event webhook name the mail; the latter has the
 * notification's id too, as `tmws_notification`. SendGrid has no key by which it knows a second try: its Message-ID is that of the first.
 */
const sendgridSink: SinkKind<SendgridConfig>['sink'] =
  (config, { templates, http, clock }): Sink =>
  (notification) =>
    answering(async () => {
      const key = await secretText('api_key_file', config.api_key, config.api_key_file);
      if (key === '') throw new SinkFault('the file of api_key_file is empty', false);
      const rendering = renderingOf(templates, JSON.parse(notification.doc) as NotificationDoc, clock());
      const { mail, handle } = sendgridMail(config, rendering, notification);
      const url = new URL(`${(config.api_url?.reveal() ?? defaultUrl).replace(/\/+$/, '')}/v3/mail/send`);
      const headers = { 'content-type': 'application/json', 'user-agent': userAgent, authorization: `Bearer ${key}` };
      const answer = await http.post(url, headers, JSON.stringify(mail), config.timeout);
      if (answer.status >= 200 && answer.status < 300)
        return { sent: true, receipt: receiptOf(answer), ...(handle !== undefined && { handle }) };
      return sendgridRefusal(answer, clock());
    });

export const sendgridKind: SinkKind<SendgridConfig> = {
  sendResolved: false,
  guarantee: 'at_least_once',
  sink: sendgridSink,
  check: ({ headers, threading, from, ...config }, templates) => {
    const { to, from_name: name, subject, html, text } = config;
    const texts = textFaults({ to, from, from_name: name, subject, html, text, headers }, templates);
    const faults = texts.map(({ at, message }) => `${at.slice(1)}: ${message}`);
    for (const header of Object.keys(headers ?? {})) {
      if (!isHeaderName(header)) faults.push(`headers: ${JSON.stringify(header)} is not the name of a header`);
      else if (reservedHeaders.includes(header.toLowerCase()))
        faults.push(`headers: ${header} cannot be set: SendGrid refuses it`);
    }
    const by = threadingFault(threading);
    if (by !== undefined) faults.push(by);
    // A template makes an address only when it is rendered.
    if (from !== undefined && !from.includes('{{')) {
      try {
        senderOf(from);
      } catch (error) {
        faults.push((error as SinkFault).message);
      }
    }
    return faults;
  },
};

function receiptOf({ status, headers }: HttpAnswer): string {
  const id = headers['x-message-id'];
  return typeof id === 'string' && /^[\w.:/+=-]{1,200}$/.test(id) ? id : String(status);
}

const mostWaitMs = 3_600_000;

/** 429 says by X-RateLimit-Reset, in seconds since the epoch, when there is room again. What 4xx says else is final. */
function sendgridRefusal(answer: HttpAnswer, nowMs: number): SinkAnswer {
  const refused = refusal('SendGrid', answer, said(answer.body), nowMs);
  const reset = answer.headers['x-ratelimit-reset'];
  if (refused.sent || refused.permanent || refused.retryAfterMs !== undefined || typeof reset !== 'string') return refused;
  const waitMs = Number(reset) * 1000 - nowMs;
  return Number.isFinite(waitMs) ? { ...refused, retryAfterMs: Math.min(mostWaitMs, Math.max(0, waitMs)) } : refused;
}

/** `{"errors": [{"message", "field"}]}` in words. */
function said(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors?: readonly { message?: unknown; field?: unknown }[] };
    const words = (errors ?? []).slice(0, 5).map(({ message, field }) => {
      const what = typeof message === 'string' ? message : '';
      return typeof field === 'string' && field !== '' ? `${field}: ${what}` : what;
    });
    return words
      .join('; ')
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, 500);
  } catch {
    return '';
  }
}
