import { AlertService, DeliveryService, type GrpcClient, openGrpcClient, RuleService, SilenceService } from '@tmws/contracts';
import type { Calling } from './timeline-client.ts';

/** alerting's four services at one address. */
export interface AlertingClients {
  readonly alerts: GrpcClient<(typeof AlertService)['method']>;
  readonly silences: GrpcClient<(typeof SilenceService)['method']>;
  readonly deliveries: GrpcClient<(typeof DeliveryService)['method']>;
  readonly rules: GrpcClient<(typeof RuleService)['method']>;
  close(): void;
}

/** alerting over gRPC. Each call has a deadline; a stream lives until one side leaves. */
export function openAlertingClients(target: () => string, { callTimeoutMs, token }: Calling): AlertingClients {
  const options = { timeoutMs: callTimeoutMs, token };
  const alerts = openGrpcClient(AlertService, target, options);
  const silences = openGrpcClient(SilenceService, target, options);
  const deliveries = openGrpcClient(DeliveryService, target, options);
  const rules = openGrpcClient(RuleService, target, options);
  return {
    ...{ alerts, silences, deliveries, rules },
    close: () => [alerts, silences, deliveries, rules].forEach((each) => each.close()),
  };
}
