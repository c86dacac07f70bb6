import type {
  AcknowledgementJson,
  AlertCountsJson,
  AlertGroupJson,
  AlertJson,
  ChangeAlertsResponseJson,
  EscalationJson,
  GetAlertResponseJson,
  ListAlertGroupsResponseJson,
  ListAlertsResponseJson,
  WatchAlertsResponseJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { notification } from './deliveries.ts';
import { count, instant, int64, messageJson, texts, word } from './message-json.ts';

export const labelSet = (description: string, example: Record<string, string> = { alertname: 'Down', severity: 'critical' }) =>
  z.record(z.string(), z.string()).meta({ description, examples: [example] });

const acknowledgement = messageJson<AcknowledgementJson>()({
  by: word('Who', 'ann'),
  at: instant('When').optional(),
  comment: word('What they said', 'on it'),
}).meta({ id: 'Acknowledgement' });

const escalation = messageJson<EscalationJson>()({
  step: count('Steps taken'),
  steps: count('Steps there are'),
  nextReceiver: word('Who hears of it next; empty: nobody', 'second-line'),
  nextAt: instant('When they do').optional(),
}).meta({ id: 'Escalation' });

export const alert = messageJson<AlertJson>()({
  fingerprint: word("16 hex digits that stand for the label set, as Alertmanager's", '7f1c6f3a9d2b4e80'),
  labels: labelSet('What it is known by'),
  annotations: labelSet('What is said of it', { summary: 'api is down' }),
  status: word('firing or resolved', 'firing'),
  state: word(
    'active; suppressed: a silence, another alert or a time interval mutes it; damped: it flaps, or has not fired for long enough',
    'active',
  ),
  startsAt: instant('When it began').optional(),
  endsAt: instant('When it ended, or ends if nobody sends it again').optional(),
  updatedAt: instant('When it was last sent').optional(),
  generatorUrl: word('Where it comes from', 'http://prometheus.example.org/graph'),
  receivers: texts('Who is told, in the order of the route tree', ['on-call']),
  silencedBy: texts('Ids of silences'),
  inhibitedBy: texts('Fingerprints of alerts that inhibit it'),
  mutedBy: texts('Names of time intervals that mute all of its routes'),
  acknowledgement: acknowledgement.optional(),
  assignee: word('Empty: nobody', 'ann'),
  escalation: escalation.optional(),
  flapping: z.boolean().meta({ description: 'It fires and resolves too often to be told each time', examples: [false] }),
}).meta({ id: 'Alert' });

const nextCursor = word('Empty at the end');

export const alertList = messageJson<ListAlertsResponseJson>()({
  items: z.array(alert),
  nextCursor,
  total: count('Of all pages'),
}).meta({ id: 'AlertList' });

export const alertGroup = messageJson<AlertGroupJson>()({
  id: word('Names the group, also after it was gone and came again', '4c805096b322d979'),
  receiver: word('Who is told', 'on-call'),
  labels: labelSet('What it is grouped by', { alertname: 'Down' }),
  commonLabels: labelSet('What all of its alerts share beyond those', { severity: 'critical' }),
  commonAnnotations: labelSet('What is said of all of them', {}),
  severity: word('The worst of its alerts; empty: they have none', 'critical'),
  startsAt: instant('When the first of them began').optional(),
  alertCount: count('That fire'),
  suppressedCount: count('Of these, muted'),
  acknowledgedCount: count('Of these, acknowledged'),
  flappingCount: count('Of these, flapping'),
  alerts: z
    .array(alert)
    .meta({ description: 'The worst first; in a list at most 20 of each group and 2,000 in all, else at most 100' }),
  nextAt: instant('When it is looked at next').optional(),
  lastNotification: notification.optional().meta({ description: 'The last message about it; absent: none was sent' }),
  firedLastHour: z
    .array(z.int().min(0))
    .meta({ description: 'Alerts that began firing, by equal parts of the last hour', examples: [[0, 2, 1]] }),
}).meta({ id: 'AlertGroup', description: 'Alerts of one route that are told together' });

export const alertCounts = messageJson<AlertCountsJson>()({
  firing: count('All'),
  active: count('That nothing mutes'),
  suppressed: count('Muted'),
  damped: count('Flapping, or not firing for long enough'),
  acknowledged: count('Acknowledged'),
  bySeverity: z
    .record(z.string(), z.int())
    .meta({ description: 'By their label severity; empty: without', examples: [{ critical: 2 }] }),
}).meta({ id: 'AlertCounts', description: 'Of all that fires and passes the filters but state and acknowledged' });

export const alertGroupList = messageJson<ListAlertGroupsResponseJson>()({
  items: z.array(alertGroup),
  nextCursor,
  total: count('Groups of all pages'),
  counts: alertCounts.optional(),
  lastFiredAt: instant('When an alert fired last, also if it is resolved; absent: never').optional(),
  revision: int64('Goes on with each change: what the stream begins from', '1042'),
}).meta({ id: 'AlertGroupList' });

export const foundAlert = messageJson<GetAlertResponseJson>()({
  alert: alert.optional(),
  groups: z.array(alertGroup).meta({ description: 'Groups it is told in' }),
}).meta({ id: 'FoundAlert' });

export const changedAlerts = messageJson<ChangeAlertsResponseJson>()({
  items: z.array(alert).meta({ description: 'As they are after it' }),
  unknown: texts('Fingerprints that name no alert that fires: nothing was changed of these'),
}).meta({ id: 'ChangedAlerts' });

export const alertChange = messageJson<WatchAlertsResponseJson>()({
  revision: int64('To go on from', '1043'),
  counts: alertCounts.optional(),
}).meta({ id: 'AlertChange' });
