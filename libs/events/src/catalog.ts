// Every event type there is, the topic it lies on and the message its data is. ARCHITECTURE's table, as far as it is built.
import {
  AlertEventSchema,
  ExecutionEventSchema,
  ExecutionImportedSchema,
  SecurityEventSchema,
  StepEventSchema,
  StepsReportedSchema,
  TrafficEventSchema,
} from '@tmws/contracts';

export const partitions = 12;

const executionTypes = ['planned', 'started', 'completed', 'failed', 'cancelled', 'timed_out', 'deleted'] as const;
const stepTypes = [
  'ready',
  'queued',
  'started',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'skipped',
  'paused',
  'resumed',
  'retry_scheduled',
] as const;

export type EventShape =
  | { readonly topic: 'tmws.workflow'; readonly case: 'execution'; readonly schema: typeof ExecutionEventSchema }
  | { readonly topic: 'tmws.workflow'; readonly case: 'step'; readonly schema: typeof StepEventSchema }
  | { readonly topic: 'tmws.workflow'; readonly case: 'reported'; readonly schema: typeof StepsReportedSchema }
  | { readonly topic: 'tmws.workflow'; readonly case: 'imported'; readonly schema: typeof ExecutionImportedSchema }
  | { readonly topic: 'tmws.security'; readonly case: 'security'; readonly schema: typeof SecurityEventSchema }
  | { readonly topic: 'tmws.traffic'; readonly case: 'traffic'; readonly schema: typeof TrafficEventSchema }
  | { readonly topic: 'tmws.alert'; readonly case: 'alert'; readonly schema: typeof AlertEventSchema };

const workflow = 'tmws.workflow' as const;
const security = 'tmws.security' as const;
const traffic = 'tmws.traffic' as const;
const alert = 'tmws.alert' as const;

/** What the doors of the fleet see. Beside them lies `tmws.security.observed`: what others saw. */
const doorTypes = [
  'tmws.auth.succeeded',
  'tmws.auth.failed',
  'tmws.auth.ended',
  'tmws.permission.denied',
  'tmws.admin.acted',
] as const;

/** What became of alerts. */
const alertTypes = [
  'tmws.alert.raised',
  'tmws.alert.resolved',
  'tmws.alert.acknowledged',
  'tmws.alert.delivered',
  'tmws.alert.undeliverable',
] as const;

/** Type → topic and message. */
export const eventTypes: ReadonlyMap<string, EventShape> = new Map<string, EventShape>([
  ...executionTypes.map(
    (name) => [`tmws.execution.${name}`, { topic: workflow, case: 'execution', schema: ExecutionEventSchema }] as const,
  ),
  ...stepTypes.map((name) => [`tmws.step.${name}`, { topic: workflow, case: 'step', schema: StepEventSchema }] as const),
  ['tmws.steps.reported', { topic: workflow, case: 'reported', schema: StepsReportedSchema }],
  ['tmws.execution.imported', { topic: workflow, case: 'imported', schema: ExecutionImportedSchema }],
  ...[...doorTypes, 'tmws.security.observed'].map(
    (name) => [name, { topic: security, case: 'security', schema: SecurityEventSchema }] as const,
  ),
  ['tmws.traffic.violated', { topic: traffic, case: 'traffic', schema: TrafficEventSchema }],
  ...alertTypes.map((name) => [name, { topic: alert, case: 'alert', schema: AlertEventSchema }] as const),
]);

/** What only the fleet itself tells: a client who means it has a call of its own for it. */
export const ownTypes: ReadonlySet<string> = new Set([
  'tmws.execution.deleted',
  'tmws.execution.imported',
  ...doorTypes,
  ...alertTypes,
]);

/** All topics; each has a `.dlq` beside it. */
export const topics: readonly string[] = [workflow, security, traffic, alert];

export function dlqOf(topic: string): string {
  return `${topic}.dlq`;
}
