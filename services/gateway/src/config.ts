import { choice, duration, integer, loadSettings, type SettingsOf, text } from '@tmws/settings';

/** The gateway's own settings; those of the host are `TMWS_*`. */
export const gatewaySettings = {
  timelineAddress: text('GATEWAY_TIMELINE_ADDRESS', undefined, 'where workflow-timeline answers gRPC; absent: in this process', {
    pattern: /^(dns:\/\/\/)?(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/,
    expects: 'host:port, or dns:///name:port for several replicas',
  }),
  callTimeoutMs: duration('GATEWAY_CALL_TIMEOUT', '10s', 'how long a request may wait for another part of the fleet', {
    min: '100ms',
    max: '5m',
  }),
  maxBodyBytes: integer('GATEWAY_MAX_BODY_BYTES', 4_194_304, 'largest request body', { min: 1024, max: 67_108_864 }),
  demo: choice('GATEWAY_DEMO', ['on', 'off'], 'on', 'whether `POST /api/v1/demo` plays the demo'),
} as const;

export type GatewayConfig = SettingsOf<typeof gatewaySettings>;

/** @throws Problem `precondition` that lists every mistake */
export function loadConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  return loadSettings('gateway', gatewaySettings, env);
}
