// Slack's incoming webhook, or chat.postMessage where api_url and http_config say so.
import type { GlobalConfig } from '../domain/config/global.ts';
import type { SlackConfig } from '../domain/config/receivers.ts';
import type { TemplateSet } from '../domain/template/template-set.ts';
import type { Clock, NotificationDoc, Sink, SinkAnswer } from '../ports.ts';
import { answering, type HttpAnswer, receiptOf, refusal } from './sink-answer.ts';
import { addressOf } from './sink-credentials.ts';
import type { SinkHttp } from './sink-http.ts';
import { renderingOf } from './sink-templates.ts';
import { slackMessage } from './slack-sink-message.ts';
import { userAgent } from './webhook-sink.ts';

export function slackSink(config: SlackConfig, global: GlobalConfig, templates: TemplateSet, http: SinkHttp, clock: Clock): Sink {
  const own = config.api_url !== undefined || config.api_url_file !== undefined;
  const [url, file] = own ? [config.api_url, config.api_url_file] : [global.slack_api_url, global.slack_api_url_file];
  const field = `${own ? '' : 'slack_'}api_url${url === undefined ? '_file' : ''}`;
  return (notification) =>
    answering(async () => {
      const doc = JSON.parse(notification.doc) as NotificationDoc;
      const message = slackMessage(config, renderingOf(templates, doc, clock()));
      const headers = { 'content-type': 'application/json', 'user-agent': userAgent, 'idempotency-key': notification.id };
      const answer = await http.post(await addressOf(field, url, file), headers, `${JSON.stringify(message)}\n`, config.timeout);
      return slackAnswer(answer, clock());
    });
}

/**
 * A webhook says `ok`, the Web API `{"ok": true}`. What they say else is one word, as `no_service` or `invalid_payload`: with
 * status 200 too it means that nothing was posted. Source: docs.slack.dev, "Sending messages using incoming webhooks".
 */
function slackAnswer(answer: HttpAnswer, nowMs: number): SinkAnswer {
  const { ok, word } = said(answer);
  if (answer.status < 200 || answer.status > 299) return refusal('Slack', answer, word, nowMs);
  if (!answer.complete) return { sent: false, permanent: false, error: 'Slack broke off its answer' };
  if (ok) return { sent: true, receipt: receiptOf(answer) };
  const permanent = !/^(?:rate_?limited|internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org)$/.test(
    word,
  );
  const limited = /^rate_?limited$/.test(word) ? { limited: true } : {};
  return {
    sent: false,
    permanent,
    ...limited,
    error: `Slack answered ${answer.status} but not ok${word === '' ? '' : `: ${word}`}`,
  };
}

function said({ headers, body }: HttpAnswer): { ok: boolean; word: string } {
  if (/\bjson\b/.test(headers['content-type'] ?? '')) {
    try {
      const { ok, error } = JSON.parse(body) as { ok?: unknown; error?: unknown };
      return { ok: ok === true, word: wordOf(error) };
    } catch {
      return { ok: false, word: '' };
    }
  }
  return { ok: body.trim() === 'ok', word: wordOf(body.trim()) };
}

/** Other text may hold the address, which is a secret. */
const wordOf = (text: unknown): string => (typeof text === 'string' && /^[a-z][a-z_]{1,59}$/.test(text) ? text : '');
