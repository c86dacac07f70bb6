// Alertmanager's webhook, version 4, signed as Standard Webhooks have it, so that its receiver knows who sent it, and when.
// Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md: "Webhook metadata", "Verifying webhook authenticity".
import { createHmac } from 'node:crypto';
import type { SignedWebhookConfig } from '../domain/config/more-receivers.ts';
import type { NotificationDoc } from '../ports.ts';
import { answering, receiptOf, refusal, SinkFault } from './sink-answer.ts';
import { addressOf, secretText } from './sink-credentials.ts';
import type { SinkKind } from './sink-kind.ts';
import { userAgent, webhookBody } from './webhook-sink.ts';

export interface Signed {
  readonly 'webhook-id': string;
  /** Seconds since the epoch, of this attempt. */
  readonly 'webhook-timestamp': string;
  /** One signature for each key, with spaces between. */
  readonly 'webhook-signature': string;
}

/** The headers of a body. */
export function sign(keys: readonly Buffer[], id: string, atMs: number, body: string): Signed {
  const timestamp = String(Math.floor(atMs / 1000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/**
 * The keys of a secret, one a line: while a receiver changes from one to the other both sign. `whsec_` begins base64; any other
 * text is the key itself.
 *
 * @throws SinkFault, which says nothing of the secret
 */
export function signingKeys(text: string): Buffer[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) throw new SinkFault('signing_secret is empty', false);
  return lines.map((line) => {
    const base64 = /^whsec_(.*)$/.exec(line)?.[1];
    if (base64 === undefined) return Buffer.from(line, 'utf8');
    if (base64 !== '' && /^[\w+/-]+={0,2}$/.test(base64)) return Buffer.from(base64, 'base64');
    throw new SinkFault('signing_secret begins with whsec_, but no base64 follows (it is a secret, so it is not shown)', true);
  });
}

/** The notification's id is the message's: by it, as by the Idempotency-Key, a receiver knows a second try. */
export const signedWebhookKind: SinkKind<SignedWebhookConfig> = {
  sendResolved: true,
  guarantee: 'exactly_once',
  sink:
    (config, { http, clock }) =>
    ({ id, doc }) =>
      answering(async () => {
        const url = await addressOf(config.url_file === undefined ? 'url' : 'url_file', config.url, config.url_file);
        const secret = await secretText('signing_secret_file', config.signing_secret, config.signing_secret_file);
        const body = webhookBody(JSON.parse(doc) as NotificationDoc, config.max_alerts ?? 0);
        const headers = {
          'content-type': 'application/json',
          'user-agent': userAgent,
          'idempotency-key': id,
          ...sign(signingKeys(secret), id, clock(), body),
        };
        const answer = await http.post(url, headers, body, config.timeout);
        if (answer.status >= 200 && answer.status < 300) return { sent: true, receipt: receiptOf(answer) };
        return refusal('the webhook', answer, '', clock());
      }),
  check: ({ signing_secret: secret }) => {
    if (secret === undefined) return [];
    try {
      signingKeys(secret.reveal());
      return [];
    } catch (error) {
      return [(error as SinkFault).message];
    }
  },
};
