// An alert as a document of the Elastic Common Schema. Source: ECS 8.17 field reference; allowed values of event.category and event.type.
import { formatInstant } from '../instant.ts';
import type { LabelSet } from '../label-set.ts';
import { scalesOf } from './severity-scales.ts';
import type { SiemAlert } from './siem-alert.ts';

export const ecsVersion = '8.17.0';

const kinds: Readonly<Record<SiemAlert['about'], { category: string; type: string; outcome: string }>> = {
  'failed sign-ins': { category: 'authentication', type: 'start', outcome: 'failure' },
  traffic: { category: 'api', type: 'denied', outcome: 'failure' },
  security: { category: 'intrusion_detection', type: 'info', outcome: 'unknown' },
  other: { category: 'host', type: 'info', outcome: 'unknown' },
};

/** The document. What is not known is absent: no empty text, and no address that is none, which a mapping of type ip would refuse. */
export function ecsDocument(alert: SiemAlert): Record<string, unknown> {
  const { category, type, outcome } = kinds[alert.about];
  const { status, sourceIp, sourceName, user, startMs, endMs } = alert;
  return known({
    '@timestamp': formatInstant(alert.atMs),
    ecs: { version: ecsVersion },
    message: alert.summary,
    event: known({
      kind: 'alert',
      category: [category],
      // What is resolved is told, not done again.
      type: [status === 'resolved' ? 'info' : type],
      action: status === 'resolved' ? 'alert-resolved' : 'alert-fired',
      outcome: status === 'resolved' ? 'unknown' : outcome,
      severity: scalesOf(alert.severity).ecs,
      id: alert.id,
      code: alert.eventType,
      module: 'tmws',
      provider: 'alerting',
      dataset: 'tmws.alert',
      created: formatInstant(alert.atMs),
      start: formatInstant(startMs),
      end: endMs === undefined ? undefined : formatInstant(endMs),
      // In nanoseconds.
      duration: endMs === undefined ? undefined : (endMs - startMs) * 1_000_000,
      reason: alert.description,
      url: alert.url,
    }),
    rule: known({ id: alert.ruleId, name: alert.ruleName, ruleset: alert.ruleset }),
    source: known({ ip: sourceIp, address: sourceIp || sourceName }),
    user: known({ name: user }),
    related: known({ ip: sourceIp === '' ? undefined : [sourceIp], user: user === '' ? undefined : [user] }),
    service: known({ name: alert.service }),
    trace: known({ id: alert.traceId }),
    labels: known(asKeys(alert.labels)),
    tmws: {
      alert: known({
        id: alert.id,
        notification: alert.messageId,
        fingerprint: alert.fingerprint,
        status,
        name: alert.name,
        severity: alert.severity,
        namespace: alert.namespace,
        receiver: alert.receiver,
        group: alert.groupKey,
      }),
      annotations: asKeys(alert.annotations),
    },
  });
}

/** Without what is undefined, empty text, or an object of nothing. */
const known = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && !isNothing(value)));

const isNothing = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/** Names as keys: a dot would make objects of them, and `a` could not stand beside `a.b`. Two names that become one are kept apart. */
function asKeys(set: LabelSet): Record<string, string> {
  const keys = new Map<string, string>();
  for (const [name, value] of Object.entries(set)) {
    let key = name.replace(/[.*\s]/g, '_');
    while (keys.has(key)) key += '_';
    keys.set(key, value);
  }
  return Object.fromEntries(keys);
}
