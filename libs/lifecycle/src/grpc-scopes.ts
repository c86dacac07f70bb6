import type { Scope } from '@tmws/auth';

/** What a gRPC method needs: `service` is the fleet's own token and nothing else. */
export interface GrpcNeeds {
  readonly scope: Scope | 'service';
  /** It does not stop at a namespace. */
  readonly everyNamespace?: boolean;
}

const reading = /^(Get|List|Watch|Summarize|Suggest|Export$)/;

const known: Readonly<Record<string, GrpcNeeds>> = {
  'tmws.alerting.v1.AlertService/ExplainAlert': { scope: 'read' },
  'tmws.alerting.v1.AlertService/AcknowledgeAlerts': { scope: 'operate' },
  'tmws.alerting.v1.AlertService/UnacknowledgeAlerts': { scope: 'operate' },
  'tmws.alerting.v1.AlertService/AssignAlerts': { scope: 'operate' },
  'tmws.alerting.v1.AlertService/CommentAlerts': { scope: 'operate' },
  'tmws.alerting.v1.AlertService/JudgeAlerts': { scope: 'operate' },
  'tmws.alerting.v1.DeliveryService/ReplayNotifications': { scope: 'operate' },
  'tmws.alerting.v1.DeliveryService/TestReceiver': { scope: 'operate', everyNamespace: true },
  'tmws.alerting.v1.DeliveryService/TakeSlackAction': { scope: 'service' },
  'tmws.alerting.v1.RuleService/ReloadRules': { scope: 'operate', everyNamespace: true },
  'tmws.alerting.v1.RuleService/BacktestRules': { scope: 'read' },
  'tmws.alerting.v1.SilenceService/PutSilence': { scope: 'operate' },
  'tmws.alerting.v1.SilenceService/ExpireSilence': { scope: 'operate' },
  'tmws.timeline.v1.ImportService/StartImport': { scope: 'write' },
  'tmws.timeline.v1.OperationService/CancelOperation': { scope: 'operate' },
  'tmws.timeline.v1.RetentionService/SetRetention': { scope: 'operate' },
  'tmws.timeline.v1.RetentionService/DeleteExecution': { scope: 'operate' },
  'tmws.timeline.v1.TimelineService/Rebuild': { scope: 'admin', everyNamespace: true },
  'tmws.access.v1.AccessService/Authenticate': { scope: 'service' },
};

const ours = /^tmws\.(?!access\.)[\w.]+\//;

/**
 * What a call of `method` needs. Asking for what a service of ours has needs `read`; OTLP's exports and Envoy's questions need `write`;
 * what nobody thought of needs `admin` of all namespaces.
 *
 * @param method  `tmws.timeline.v1.TimelineService/GetExecution`
 */
export function grpcNeeds(method: string): GrpcNeeds {
  const needs = Object.hasOwn(known, method) ? known[method] : undefined;
  if (needs !== undefined) return needs;
  if (ours.test(method) && reading.test(method.split('/')[1] ?? '')) return { scope: 'read' };
  if (/^opentelemetry\.proto\.collector\.\w+\.v1\.\w+\/Export$/.test(method)) return { scope: 'write' };
  if (/^envoy\.service\.ratelimit\.v3\.RateLimitService\//.test(method)) return { scope: 'write' };
  if (/^grpc\.reflection\.v1(alpha)?\.ServerReflection\//.test(method)) return { scope: 'read' };
  return { scope: 'admin', everyNamespace: true };
}

/** Whether a call is what the audit tells of operators and admins. Keys have rows of their own, which say more. */
export function acts(method: string, scope: GrpcNeeds['scope']): boolean {
  const [service = '', name = ''] = method.split('/');
  return (scope === 'operate' || scope === 'admin') && service !== 'tmws.access.v1.AccessService' && !reading.test(name);
}
