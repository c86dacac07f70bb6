import { Problem } from '@tmws/problems';
import { fingerprintOf } from '../domain/fingerprint.ts';
import { defaultLabelLimits, labelFaults, type LabelSet, type NameMode, withoutEmpty } from '../domain/label-set.ts';
import type { Clock, Sink, SinkAnswer, TakenNotification } from '../ports.ts';
import { notificationDoc } from './group-doc.ts';
import type { Integration } from './telling.ts';

export interface Tested {
  readonly name: string;
  readonly sent: boolean;
  /** What the receiver answered; '' = nothing was sent. */
  readonly receipt: string;
  /** Why it was not sent; '' = it was. */
  readonly error: string;
  readonly tookMs: number;
}

export interface TestRequest {
  readonly receiver: string;
  /** '' = all of them. */
  readonly integration: string;
  readonly labels: LabelSet;
  readonly namespace: string;
  /** Who asks: the message says so. */
  readonly by: string;
}

interface Testing {
  /** In the order of the file. */
  readonly receivers: () => Iterable<string>;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  readonly sinkOf: (receiver: string, integration: string) => Sink | undefined;
  readonly externalUrl: () => string;
  readonly names: NameMode;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Ends after so long, or once it is not waited for any more. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const minuteMs = 60_000;
const mostAMinute = 6;
/** Below the deadline of whoever asks. */
const longestMs = 8_500;
const lookAgainMs = 250;

/**
 * Sends a message that says it is a test to each integration of a receiver, all at once.
 *
 *   E1  silences, groups, the ledger, its circuits and its buckets have no part in it, and nothing of it is remembered
 *   E2  there is an answer for each integration within `longestMs`; one that takes a message and works on it is asked again till then
 *   E3  a receiver is tested at most `mostAMinute` times a minute, by one replica: people read what it sends
 *
 * @throws Problem `not_found` that names the receivers or integrations there are, `invalid` for labels, `limited`
 */
export function testReceiver(testing: Testing) {
  const { receivers, integrationsOf, sinkOf, clock } = testing;
  const tests = new Map<string, number[]>();
  return async (asked: TestRequest): Promise<Tested[]> => {
    const { receiver, integration } = asked;
    const known = [...receivers()];
    if (!known.includes(receiver)) throw notFound(`there is no receiver ${quoted(receiver)}`, known);
    const all = integrationsOf(receiver).map(({ name }) => name);
    if (all.length === 0)
      throw new Problem('precondition', `receiver ${quoted(receiver)} tells nobody: it has no integration to test`);
    if (integration !== '' && !all.includes(integration))
      throw notFound(`receiver ${quoted(receiver)} has no integration ${quoted(integration)}`, all);
    const message = testMessage(testing, asked, clock());
    admit(receiver, known);
    const chosen = integration === '' ? all : [integration];
    const over = new AbortController();
    const deadline = testing.pause(longestMs, over.signal);
    try {
      return await Promise.all(chosen.map((name) => one({ ...message, id: testing.newId(), integration: name }, deadline)));
    } finally {
      over.abort();
    }
  };

  function admit(receiver: string, known: readonly string[]): void {
    const nowMs = clock();
    for (const name of tests.keys()) if (!known.includes(name)) tests.delete(name);
    const recent = (tests.get(receiver) ?? []).filter((atMs) => atMs > nowMs - minuteMs && atMs <= nowMs);
    const [first = nowMs] = recent;
    if (recent.length >= mostAMinute) {
      throw new Problem(
        'limited',
        `receiver ${quoted(receiver)} was tested ${mostAMinute} times within a minute, which is the most; try again later`,
        { retryAfterMs: first + minuteMs - nowMs },
      );
    }
    tests.set(receiver, [...recent, nowMs]);
  }

  async function one(notification: TakenNotification, deadline: Promise<void>): Promise<Tested> {
    const { receiver, integration: name } = notification;
    const beganMs = clock();
    const stop = new AbortController();
    const late = {
      sent: false as const,
      permanent: false,
      error: `no answer within ${longestMs / 1000} seconds; the message may still arrive`,
    };
    let latest: SinkAnswer = late;
    const given = await Promise.race([send(notification, stop.signal), deadline.then(() => latest)]);
    stop.abort();
    const tookMs = Math.max(0, clock() - beganMs);
    return given.sent
      ? { name, sent: true, receipt: given.receipt, error: '', tookMs }
      : { name, sent: false, receipt: '', error: given.error, tookMs };

    /** Again while the receiver works on it. */
    async function send(given: TakenNotification, signal: AbortSignal): Promise<SinkAnswer> {
      const sink = sinkOf(receiver, name);
      if (sink === undefined) return { ...late, error: `there is no ${name} in receiver ${quoted(receiver)} any more` };
      for (let message = given; ;) {
        const answer = await sink(message);
        if (answer.sent || answer.waiting !== true || signal.aborted) return answer;
        latest = answer;
        message = { ...message, attempts: message.attempts + 1, progress: answer.progress ?? message.progress };
        await testing.pause(lookAgainMs, signal);
      }
    }
  }
}

function testMessage(
  { externalUrl, names }: Pick<Testing, 'externalUrl' | 'names'>,
  { receiver, labels: given, namespace, by }: TestRequest,
  nowMs: number,
): Omit<TakenNotification, 'id' | 'integration'> {
  const labels = withoutEmpty({ alertname: 'TestAlert', severity: 'info', ...given });
  const [fault] = labelFaults(labels, 'label', names, defaultLabelLimits);
  if (fault !== undefined) throw new Problem('invalid', fault, { field: 'labels' });
  const fingerprint = fingerprintOf(labels);
  const annotations = {
    summary: `This is a test of receiver ${receiver}: nothing is wrong.`,
    description: `${by} asked TMWS to send it. No alert fires, and nothing is to be done.`,
  };
  const alert = { fingerprint, labels, annotations, startsAtMs: nowMs, endsAtMs: nowMs + minuteMs, generatorUrl: '' };
  const kept = { ...alert, namespace, updatedAtMs: nowMs, timeout: true, told: 'firing' as const, toldAtMs: nowMs };
  const groupKey = `test of ${receiver} at ${new Date(nowMs).toISOString()}`;
  const groupLabels = { alertname: labels.alertname ?? 'TestAlert' };
  const doc = notificationDoc(
    [{ ...kept, acknowledged: undefined, assignee: '', revision: 0n }],
    { receiver, groupLabels, groupKey, externalURL: externalUrl() },
    nowMs,
  );
  return {
    ...{ namespace, receiver, groupKey, reason: 'test', doc: JSON.stringify(doc), firing: [fingerprint], resolved: [] },
    ...{ groupNo: 0n, createdAtMs: nowMs, attempts: 1, epoch: 0, handle: '', progress: '' },
  };
}

const mostNamed = 20;

function notFound(what: string, known: readonly string[]): Problem {
  const some = known.slice(0, mostNamed).join(', ');
  const more = known.length > mostNamed ? ` and ${known.length - mostNamed} more` : '';
  return new Problem('not_found', `${what}; there are ${some}${more}`);
}

const quoted = (name: string): string => JSON.stringify(name.slice(0, 200));
