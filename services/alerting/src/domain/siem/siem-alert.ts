// One reading of a told alert, from which every format for a SIEM is written: what ECS, OCSF and CEF have words for, found among its labels.
import { parseInstant } from '../instant.ts';
import { formatLabels, type LabelSet, labelValue } from '../label-set.ts';
import { isIpAddress } from './ip-address.ts';

/** The message that tells it. */
export interface Telling {
  /** A UUID. */
  readonly id: string;
  readonly namespace: string;
  readonly reason: string;
  readonly createdAtMs: number;
  /** The message that it sends again. */
  readonly replayOf?: string | undefined;
}

/** An alert as Alertmanager's webhook has it. */
export interface ToldAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

export interface ToldGroup {
  readonly receiver: string;
  readonly groupKey: string;
  readonly alerts: readonly ToldAlert[];
}

/** All texts are well-formed; '' = not known. Times in ms since 1970. */
export interface SiemAlert {
  /** The message's id and the fingerprint: the same at every attempt and replay of it, another for every other message. */
  readonly id: string;
  readonly messageId: string;
  readonly namespace: string;
  readonly receiver: string;
  readonly groupKey: string;
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  /** The message tells something that began to fire. */
  readonly began: boolean;
  readonly name: string;
  /** The label, in small letters. */
  readonly severity: string;
  readonly summary: string;
  readonly description: string;
  /** When the message was made. */
  readonly atMs: number;
  readonly startMs: number;
  /** undefined while it fires. */
  readonly endMs: number | undefined;
  readonly about: 'failed sign-ins' | 'traffic' | 'security' | 'other';
  readonly user: string;
  /** An address of IPv4 or IPv6. */
  readonly sourceIp: string;
  /** What names the source where that is no address. */
  readonly sourceName: string;
  readonly eventType: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly ruleset: string;
  readonly service: string;
  readonly traceId: string;
  readonly url: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
}

/** The alerts of a message, in its order. Pure: the same message always gives the same. */
export const siemAlerts = (telling: Telling, group: ToldGroup): SiemAlert[] =>
  group.alerts.map((alert) => siemAlert(telling, group, alert));

function siemAlert(
  { id, replayOf = id, namespace, reason, createdAtMs }: Telling,
  group: ToldGroup,
  alert: ToldAlert,
): SiemAlert {
  const labels = wellFormed(alert.labels);
  const annotations = wellFormed(alert.annotations);
  const label = (...names: string[]): string => firstOf(labels, names);
  const name = label('alertname') || 'alert';
  const source = label('source_ip', 'src_ip', 'client_ip', 'ip');
  const isIp = isIpAddress(source);
  const startMs = instantOr(alert.startsAt, createdAtMs);
  const description = firstOf(annotations, ['description']);
  return {
    id: `${replayOf}-${alert.fingerprint}`,
    messageId: id,
    namespace,
    receiver: group.receiver,
    groupKey: group.groupKey.toWellFormed(),
    fingerprint: alert.fingerprint,
    status: alert.status,
    began: alert.status === 'firing' && (reason === 'first' || reason === 'new firing'),
    name,
    severity: label('severity').trim().toLowerCase(),
    summary: firstOf(annotations, ['summary', 'message', 'title']) || description || `${name} ${formatLabels(labels)}`,
    description,
    atMs: createdAtMs,
    startMs,
    endMs: alert.status === 'resolved' ? Math.max(startMs, instantOr(alert.endsAt, createdAtMs)) : undefined,
    about: aboutOf(labels),
    user: label('user', 'principal', 'username', 'user_name'),
    sourceIp: isIp ? source : '',
    sourceName: isIp ? '' : source,
    eventType: label('event_type'),
    ruleId: label('rule_id') || name,
    ruleName: label('rule', 'rule_name') || name,
    ruleset: label('ruleset', 'tmws_source'),
    service: label('service', 'service_name', 'job'),
    traceId: label('trace_id') || firstOf(annotations, ['trace_id']),
    url: alert.generatorURL.toWellFormed(),
    labels,
    annotations,
  };
}

function aboutOf(labels: LabelSet): SiemAlert['about'] {
  const source = labelValue(labels, 'tmws_source');
  const signIn = labelValue(labels, 'alertname') === 'FailedSignIns' || labelValue(labels, 'event_type') === 'tmws.auth.failed';
  if (source === 'auth' || signIn) return 'failed sign-ins';
  if (source === 'traffic') return 'traffic';
  const detected = labelValue(labels, 'rule_id') !== '' || labelValue(labels, 'event_type') !== '';
  return source === 'security' || detected ? 'security' : 'other';
}

const wellFormed = (set: LabelSet): LabelSet =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]));

function firstOf(set: LabelSet, names: readonly string[]): string {
  for (const name of names) {
    const value = labelValue(set, name);
    if (value !== '') return value;
  }
  return '';
}

function instantOr(text: string, otherwiseMs: number): number {
  const ms = parseInstant(text);
  return typeof ms === 'number' ? ms : otherwiseMs;
}

/** The same with no free text above so many UTF-16 units, an ellipsis in place of the rest. */
export function shortened(alert: SiemAlert, most: number): SiemAlert {
  const short = (text: string): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`);
  const all = (set: LabelSet): LabelSet => Object.fromEntries(Object.entries(set).map(([name, value]) => [name, short(value)]));
  return {
    ...alert,
    ...{ name: short(alert.name), summary: short(alert.summary), description: short(alert.description) },
    ...{ user: short(alert.user), sourceName: short(alert.sourceName), eventType: short(alert.eventType) },
    ...{ ruleId: short(alert.ruleId), ruleName: short(alert.ruleName), ruleset: short(alert.ruleset) },
    ...{ service: short(alert.service), traceId: short(alert.traceId), severity: short(alert.severity) },
    ...{ url: short(alert.url), groupKey: short(alert.groupKey), labels: all(alert.labels), annotations: all(alert.annotations) },
    ...{ receiver: short(alert.receiver), namespace: short(alert.namespace) },
  };
}
