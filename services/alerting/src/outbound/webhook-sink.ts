// Alertmanager's webhook, version 4: one POST with the group as JSON.
// Source: Alertmanager's documentation, "Configuration", webhook_config; compared with what 0.28.1 sends.
import type { WebhookConfig } from '../domain/config/receivers.ts';
import type { Clock, NotificationDoc, Sink } from '../ports.ts';
import { answering, receiptOf, refusal } from './sink-answer.ts';
import { addressOf } from './sink-credentials.ts';
import type { SinkHttp } from './sink-http.ts';

export const userAgent = 'tmws-alerting';

/**
 * The body: fields in Alertmanager's order, a newline at its end as Go's encoder puts one. Of more alerts than `maxAlerts` the first
 * are sent and the others counted; 0 = all.
 */
export function webhookBody(doc: NotificationDoc, maxAlerts: number): string {
  const alerts = maxAlerts > 0 ? doc.alerts.slice(0, maxAlerts) : doc.alerts;
  const { receiver, status, groupLabels, commonLabels, commonAnnotations, externalURL, groupKey } = doc;
  const message = {
    receiver,
    status,
    alerts,
    groupLabels,
    commonLabels,
    commonAnnotations,
    externalURL,
    version: '4',
    groupKey,
    truncatedAlerts: doc.alerts.length - alerts.length + (doc.truncatedAlerts ?? 0),
  };
  return `${JSON.stringify(message)}\n`;
}

/** The same notification always has the same Idempotency-Key, so that a receiver can tell a second try from a second message. */
export function webhookSink(config: WebhookConfig, http: SinkHttp, clock: Clock): Sink {
  return ({ id, doc }) =>
    answering(async () => {
      const url = await addressOf(config.url_file === undefined ? 'url' : 'url_file', config.url, config.url_file);
      const body = webhookBody(JSON.parse(doc) as NotificationDoc, config.max_alerts ?? 0);
      const headers = { 'content-type': 'application/json', 'user-agent': userAgent, 'idempotency-key': id };
      const answer = await http.post(url, headers, body, config.timeout);
      if (answer.status >= 200 && answer.status < 300) return { sent: true, receipt: receiptOf(answer) };
      return refusal('the webhook', answer, '', clock());
    });
}
