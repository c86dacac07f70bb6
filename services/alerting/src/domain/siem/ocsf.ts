// An alert as an event of the Open Cybersecurity Schema Framework 1.3: a Detection Finding (2004), or Authentication (3002) where sign-ins failed.
import { scalesOf } from './severity-scales.ts';
import type { SiemAlert } from './siem-alert.ts';

export const ocsfVersion = '1.3.0';

type Fields = Record<string, unknown>;

const severityNames = ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical', 'Fatal'];

/**
 * The event. type_uid = class_uid * 100 + activity_id; times in ms.
 *
 * Failed sign-ins that are over are a finding that is closed: as Authentication they would count as one more failure.
 */
export const ocsfEvent = (alert: SiemAlert): Fields =>
  alert.about === 'failed sign-ins' && alert.status === 'firing' ? authentication(alert) : finding(alert);

function finding(alert: SiemAlert): Fields {
  const activity = alert.status === 'resolved' ? 3 : alert.began ? 1 : 2;
  const activityName = ['', 'Create', 'Update', 'Close'][activity];
  const { user, sourceIp } = alert;
  const evidence = {
    ...(user !== '' && { actor: { user: { name: user } } }),
    ...(sourceIp !== '' && { src_endpoint: { ip: sourceIp } }),
  };
  return {
    ...{ activity_id: activity, activity_name: activityName, category_uid: 2, category_name: 'Findings' },
    ...{ class_uid: 2004, class_name: 'Detection Finding', type_uid: 200_400 + activity },
    type_name: `Detection Finding: ${activityName ?? ''}`,
    ...common(alert),
    ...(activity === 3 ? { status_id: 4, status: 'Resolved' } : { status_id: 1, status: 'New' }),
    finding_info: findingInfo(alert),
    ...(Object.keys(evidence).length > 0 && { evidences: [evidence] }),
    observables: observables(alert, 'evidences[].actor.user.name', 'evidences[].src_endpoint.ip'),
  };
}

function authentication(alert: SiemAlert): Fields {
  const { user, sourceIp, service } = alert;
  return {
    ...{ activity_id: 1, activity_name: 'Logon', category_uid: 3, category_name: 'Identity & Access Management' },
    ...{ class_uid: 3002, class_name: 'Authentication', type_uid: 300_201, type_name: 'Authentication: Logon' },
    ...common(alert),
    ...{ status_id: 2, status: 'Failure', status_detail: alert.description || alert.summary },
    // Required by the class, also where only the address is known.
    user: { name: user || 'unknown' },
    service: { name: service || 'tmws' },
    ...(sourceIp !== '' && { src_endpoint: { ip: sourceIp } }),
    observables: observables(alert, 'user.name', 'src_endpoint.ip'),
  };
}

function common(alert: SiemAlert): Fields {
  const severity = scalesOf(alert.severity).ocsf;
  return {
    time: alert.atMs,
    start_time: alert.startMs,
    ...(alert.endMs !== undefined && { end_time: alert.endMs, duration: alert.endMs - alert.startMs }),
    severity_id: severity,
    severity: severityNames[severity] ?? alert.severity,
    message: alert.summary,
    metadata: {
      version: ocsfVersion,
      product: { name: 'alerting', vendor_name: 'TMWS' },
      uid: alert.id,
      correlation_uid: alert.groupKey,
      tenant_uid: alert.namespace,
      ...(alert.eventType !== '' && { event_code: alert.eventType }),
      ...(alert.traceId !== '' && { trace_uid: alert.traceId }),
    },
    unmapped: {
      fingerprint: alert.fingerprint,
      finding_uid: findingUid(alert),
      status: alert.status,
      labels: alert.labels,
      annotations: alert.annotations,
    },
  };
}

/** One for each time the alert fires: what opens, updates and closes the finding have it in common. */
const findingUid = ({ fingerprint, startMs }: SiemAlert): string => `${fingerprint}-${startMs}`;

const findingInfo = (alert: SiemAlert): Fields => ({
  uid: findingUid(alert),
  title: alert.name,
  desc: alert.description || alert.summary,
  created_time: alert.startMs,
  modified_time: alert.atMs,
  first_seen_time: alert.startMs,
  last_seen_time: alert.endMs ?? alert.atMs,
  analytic: { uid: alert.ruleId, name: alert.ruleName, type_id: 1, type: 'Rule' },
  ...(alert.url !== '' && { src_url: alert.url }),
});

const observables = ({ user, sourceIp }: SiemAlert, userAt: string, ipAt: string): Fields[] => [
  ...(user === '' ? [] : [{ name: userAt, type_id: 4, type: 'User Name', value: user }]),
  ...(sourceIp === '' ? [] : [{ name: ipAt, type_id: 2, type: 'IP Address', value: sourceIp }]),
];
