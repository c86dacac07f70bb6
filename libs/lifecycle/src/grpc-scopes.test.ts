import * as access from '@tmws/contracts/access';
import * as contracts from '@tmws/contracts';
import * as otlp from '@tmws/contracts/otlp';
import { grpcNeeds } from './grpc-scopes.ts';

interface Service {
  readonly typeName: string;
  readonly methods: readonly { readonly name: string }[];
}
const isService = (value: unknown): value is Service =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'service';

test('every method there is needs what its name says, and what changes things needs more than reading', () => {
  const services = [contracts, otlp, access].flatMap((all) => Object.values(all as object).filter(isService));
  const needs = services.flatMap(({ typeName, methods }) =>
    methods.map(({ name }) => [`${typeName}/${name}`, grpcNeeds(`${typeName}/${name}`)] as const),
  );
  expect(needs.length).toBeGreaterThan(30);
  const more = Object.fromEntries(needs.filter(([, { scope }]) => scope !== 'read'));
  expect(more).toEqual({
    ...Object.fromEntries(
      ['AcknowledgeAlerts', 'UnacknowledgeAlerts', 'AssignAlerts', 'CommentAlerts', 'JudgeAlerts'].map((name) => [
        `tmws.alerting.v1.AlertService/${name}`,
        { scope: 'operate' },
      ]),
    ),
    'tmws.alerting.v1.DeliveryService/ReplayNotifications': { scope: 'operate' },
    'tmws.alerting.v1.DeliveryService/TestReceiver': { scope: 'operate', everyNamespace: true },
    'tmws.alerting.v1.DeliveryService/TakeSlackAction': { scope: 'service' },
    'tmws.alerting.v1.RuleService/ReloadRules': { scope: 'operate', everyNamespace: true },
    'tmws.alerting.v1.SilenceService/PutSilence': { scope: 'operate' },
    'tmws.alerting.v1.SilenceService/ExpireSilence': { scope: 'operate' },
    'tmws.timeline.v1.ImportService/StartImport': { scope: 'write' },
    'tmws.timeline.v1.OperationService/CancelOperation': { scope: 'operate' },
    'tmws.timeline.v1.RetentionService/SetRetention': { scope: 'operate' },
    'tmws.timeline.v1.RetentionService/DeleteExecution': { scope: 'operate' },
    'tmws.timeline.v1.TimelineService/Rebuild': { scope: 'admin', everyNamespace: true },
    'opentelemetry.proto.collector.trace.v1.TraceService/Export': { scope: 'write' },
    'opentelemetry.proto.collector.logs.v1.LogsService/Export': { scope: 'write' },
    'opentelemetry.proto.collector.metrics.v1.MetricsService/Export': { scope: 'write' },
    'tmws.access.v1.AccessService/Authenticate': { scope: 'service' },
    ...Object.fromEntries(
      ['CreateKey', 'ListKeys', 'RevokeKey', 'ListAudit', 'VerifyAudit'].map((name) => [
        `tmws.access.v1.AccessService/${name}`,
        { scope: 'admin', everyNamespace: true },
      ]),
    ),
  });
});

test('what nobody thought of needs all there is', () => {
  for (const method of ['other.v1.Service/GetAll', 'tmws.timeline.v1.TimelineService/Forget', '__proto__', 'toString']) {
    expect(grpcNeeds(method)).toEqual({ scope: 'admin', everyNamespace: true });
  }
});
