// Slack's incoming webhook as its documentation has it: `ok`, or one word that says what is wrong.
import { type Answer, type FakeWebhook, type Received, startFakeWebhook } from './fake-webhook.ts';

export function startFakeSlack(): Promise<FakeWebhook> {
  return startFakeWebhook(slack);
}

function slack({ path, body }: Received): Answer {
  if (!path.startsWith('/services/')) return { status: 404, body: 'no_service' };
  let message: { text?: string; attachments?: unknown[] };
  try {
    message = JSON.parse(body) as typeof message;
  } catch {
    return { status: 400, body: 'invalid_payload' };
  }
  if (!message.text && (message.attachments ?? []).length === 0) return { status: 400, body: 'no_text' };
  if (body.length > 16_000) return { status: 400, body: 'msg_too_long' };
  return { status: 200, headers: { 'x-slack-req-id': 'req-1' }, body: 'ok' };
}
