import type {
  AlertHistoryEntryJson,
  ExplainAlertResponseJson,
  GroupOutlookJson,
  IntegrationOutlookJson,
  ListAlertHistoryResponseJson,
  MutedBecauseJson,
  RouteVisitJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { alert, labelSet } from './alerts.ts';
import { count, instant, messageJson, word } from './message-json.ts';

export const historyKinds = [
  'fired',
  'changed',
  'resolved',
  'acknowledged',
  'unacknowledged',
  'assigned',
  'commented',
  'judged',
  'escalated',
  'flapping',
  'calm',
  'notified',
  'undeliverable',
  'replayed',
] as const;

const entry = messageJson<AlertHistoryEntryJson>()({
  fingerprint: word('Of the alert', '7f1c6f3a9d2b4e80'),
  at: instant('When').optional(),
  kind: word(historyKinds.join(', '), 'acknowledged'),
  by: word('Who did it; empty: the service', 'ann'),
  text: word('What a person said, or a sentence about what happened', 'on it'),
  labels: labelSet('Of the alert; empty where it is not known any more'),
  details: z
    .record(z.string(), z.json())
    .optional()
    .meta({
      description: 'What else belongs to the kind: receiver, integration, reason, receipt, error, assignee',
      examples: [{ receiver: 'on-call' }],
    }),
}).meta({ id: 'AlertHistoryEntry' });

export const alertHistory = messageJson<ListAlertHistoryResponseJson>()({
  items: z.array(entry).meta({ description: 'The latest first' }),
  nextCursor: word('Empty at the end'),
}).meta({ id: 'AlertHistory' });

const visit = messageJson<RouteVisitJson>()({
  route: word('Of the tree', '{}/{severity="critical"}/0'),
  depth: count('0 = the root'),
  outcome: word('takes, passes, does not match, skipped', 'takes'),
  reason: word('A sentence', '{severity="critical"} holds, and none below it'),
  receiver: word('Who would be told', 'on-call'),
}).meta({ id: 'RouteVisit' });

const mutedBecause = messageJson<MutedBecauseJson>()({
  by: word('silence, inhibition, time interval, flapping, unsteady', 'silence'),
  id: word('Of the silence, the inhibiting alert or the interval'),
  reason: word('A sentence', 'silence 7c2… mutes it until 14:00 UTC (ann: deploy)'),
}).meta({ id: 'MutedBecause' });

const integrationOutlook = messageJson<IntegrationOutlookJson>()({
  integration: word('Its kind and its place in the receiver', 'slack/0'),
  notify: z.boolean().meta({ description: 'It would be told at the next look', examples: [true] }),
  reason: word('Why, or why not', 'it was told nothing of this group yet'),
  lastToldAt: instant('When it was last told of the group').optional(),
}).meta({ id: 'IntegrationOutlook' });

const groupOutlook = messageJson<GroupOutlookJson>()({
  groupId: word('Names the group', '4c805096b322d979'),
  receiver: word('Who is told', 'on-call'),
  labels: labelSet('What it is grouped by', { alertname: 'Down' }),
  nextAt: instant('When it is looked at next').optional(),
  integrations: z.array(integrationOutlook),
}).meta({ id: 'GroupOutlook' });

export const explanation = messageJson<ExplainAlertResponseJson>()({
  labels: labelSet('Of the alert'),
  alert: alert.optional().meta({ description: 'Absent: no such alert is known' }),
  routes: z.array(visit).meta({ description: 'That were looked at, from the root' }),
  muted: z.array(mutedBecause),
  groups: z.array(groupOutlook).meta({ description: 'One for each group the alert is told in' }),
  summary: word('Who would hear of it now, in words', 'on-call (slack/0) is told in 30 s.'),
}).meta({ id: 'Explanation' });
