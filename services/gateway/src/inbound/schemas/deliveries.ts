import type {
  GetNotificationResponseJson,
  GetRoutingResponseJson,
  IntegrationJson,
  ListNotificationsResponseJson,
  ListReceiversResponseJson,
  NotificationJson,
  ReceiverJson,
  ReplayNotificationsResponseJson,
  RouteNodeJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { count, instant, int64, messageJson, texts, word } from './message-json.ts';

export const notification = messageJson<NotificationJson>()({
  id: word('Names it', '0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11'),
  groupId: word('The group it is about', '4c805096b322d979'),
  groupLabels: z.record(z.string(), z.string()).meta({ description: "The group's labels", examples: [{ alertname: 'Down' }] }),
  receiver: word('Who is told', 'on-call'),
  integration: word('Its kind and its place in the receiver', 'slack/0'),
  status: word('pending, sending, sent, dead, superseded, digested, replayed', 'sent'),
  reason: word('first, new firing, new resolved, all resolved, repeat, escalation, flapping, calm, digest, replay', 'first'),
  firing: texts('Fingerprints', ['7f1c6f3a9d2b4e80']),
  resolved: texts('Fingerprints'),
  createdAt: instant('When it was made').optional(),
  attempts: count('Tried so often'),
  dueAt: instant('When it is tried next').optional(),
  finishedAt: instant('When it was sent, given up or replaced').optional(),
  error: word('What went wrong last', ''),
  receipt: word('What the receiver answered', 'ok'),
  replayOf: word('The dead letter that it sends again; empty: none'),
  digest: word('The digest it went in; empty: none'),
}).meta({ id: 'Notification', description: 'A message to one integration of a receiver, as the ledger has it' });

export const notificationList = messageJson<ListNotificationsResponseJson>()({
  items: z.array(notification),
  nextCursor: word('Empty at the end'),
}).meta({ id: 'NotificationList' });

export const foundNotification = messageJson<GetNotificationResponseJson>()({
  notification: notification.optional(),
  doc: word("The data of the message: Alertmanager's webhook body of version 4, as JSON", '{"version":"4","alerts":[]}'),
}).meta({ id: 'FoundNotification' });

export const replayedNotifications = messageJson<ReplayNotificationsResponseJson>()({
  replayed: count('On their way again, each as a message of its own that names the one it stands for'),
  unknown: texts('Ids that are no dead letter, or were sent again before'),
  more: z.boolean().meta({ description: 'More were chosen than are taken at once: ask again', examples: [false] }),
}).meta({ id: 'ReplayedNotifications' });

const integration = messageJson<IntegrationJson>()({
  name: word('Its kind and its place in the receiver', 'slack/0'),
  kind: word('webhook, slack, email, slack_bot, sendgrid, splunk_hec, elasticsearch, syslog, signed_webhook', 'slack'),
  sendResolved: z.boolean().meta({ description: 'It hears also of what is resolved', examples: [true] }),
  sentLastDay: count('Messages of the last 24 hours'),
  deadLastDay: count('Of these, given up'),
  waiting: count('On their way'),
  lastSentAt: instant('When a message was last sent').optional(),
  lastError: word('Of the last message that failed, if none was sent since'),
  circuit: word('closed, open: left alone after too many failures, half_open: one message is tried', 'closed'),
  circuitUntil: instant('When it is tried again').optional(),
  digestedLastDay: count('Messages of the last 24 hours that went as part of a digest'),
  guarantee: word('exactly_once: a second try is known by the receiver; at_least_once: it is not', 'at_least_once'),
}).meta({ id: 'Integration' });

const receiver = messageJson<ReceiverJson>()({
  name: word('Its name', 'on-call'),
  integrations: z.array(integration),
  routes: texts('Routes that tell it', ['{}/{severity="critical"}']),
}).meta({ id: 'Receiver' });

export const receiverList = messageJson<ListReceiversResponseJson>()({ items: z.array(receiver) }).meta({ id: 'ReceiverList' });

const routeNode = messageJson<RouteNodeJson>()({
  id: word('Unique in the tree', '{}/{severity="critical"}/0'),
  depth: count('0 = the root'),
  matchers: word('What it takes', '{severity="critical"}'),
  receiver: word('Who is told', 'on-call'),
  continue: z.boolean().meta({ description: 'Routes after it are looked at too', examples: [false] }),
  groupBy: texts('Labels; `...`: all', ['alertname']),
  groupWaitMs: int64('How long a new group waits', '30000'),
  groupIntervalMs: int64('How often a group is looked at', '300000'),
  repeatIntervalMs: int64('How often it is told again', '14400000'),
  alertCount: count('Alerts that it takes now'),
}).meta({ id: 'RouteNode' });

export const routing = messageJson<GetRoutingResponseJson>()({
  config: word("Alertmanager's YAML, secrets as <secret>", 'route:\n  receiver: on-call\n'),
  policy: word("Settings beyond Alertmanager's, as YAML; empty: none"),
  loadedAt: instant('When it was read').optional(),
  refused: word('Why the file was not taken when it was last read; empty: it was'),
  routes: z.array(routeNode).meta({ description: 'From the root, each below the one it belongs to' }),
}).meta({ id: 'Routing' });
