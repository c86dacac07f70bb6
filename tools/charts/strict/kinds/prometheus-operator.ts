// Prometheus operator, monitoring.coreos.com/v1: https://prometheus-operator.dev/docs/api-reference/api/
import { z } from 'zod';
import { labelSelector, object, prometheusDuration, texts } from './parts.ts';

const api = 'monitoring.coreos.com/v1';

const relabeling = z.strictObject({
  sourceLabels: z.array(z.string()).optional(),
  separator: z.string().optional(),
  targetLabel: z.string().optional(),
  regex: z.string().optional(),
  modulus: z.int().optional(),
  replacement: z.string().optional(),
  action: z.string().optional(),
});

const secretKey = z.strictObject({ name: z.string(), key: z.string(), optional: z.boolean().optional() });

const endpoint = z
  .strictObject({
    port: z.string().optional(),
    targetPort: z.union([z.string(), z.int()]).optional(),
    path: z.string().startsWith('/').optional(),
    scheme: z.enum(['http', 'https', 'HTTP', 'HTTPS']).optional(),
    params: z.record(z.string(), z.array(z.string())).optional(),
    interval: prometheusDuration.optional(),
    scrapeTimeout: prometheusDuration.optional(),
    honorLabels: z.boolean().optional(),
    honorTimestamps: z.boolean().optional(),
    tlsConfig: z.record(z.string(), z.unknown()).optional(),
    bearerTokenSecret: secretKey.optional(),
    authorization: z.strictObject({ type: z.string().optional(), credentials: secretKey.optional() }).optional(),
    relabelings: z.array(relabeling).optional(),
    metricRelabelings: z.array(relabeling).optional(),
    enableHttp2: z.boolean().optional(),
    followRedirects: z.boolean().optional(),
    filterRunning: z.boolean().optional(),
  })
  .refine(({ port, targetPort }) => (port === undefined) !== (targetPort === undefined), 'one of port and targetPort');

const scraping = {
  jobLabel: z.string().optional(),
  selector: labelSelector,
  namespaceSelector: z.strictObject({ any: z.boolean().optional(), matchNames: z.array(z.string()).optional() }).optional(),
  sampleLimit: z.int().optional(),
  targetLimit: z.int().optional(),
  labelLimit: z.int().optional(),
  podTargetLabels: z.array(z.string()).optional(),
  attachMetadata: z.strictObject({ node: z.boolean().optional() }).optional(),
};

const rule = z
  .strictObject({
    record: z.string().optional(),
    alert: z.string().optional(),
    expr: z.union([z.string(), z.int()]),
    for: prometheusDuration.optional(),
    keep_firing_for: prometheusDuration.optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
  })
  .refine(({ record, alert }) => (record === undefined) !== (alert === undefined), 'one of record and alert');

export const serviceMonitor = object(
  api,
  'ServiceMonitor',
  z.strictObject({ ...scraping, targetLabels: z.array(z.string()).optional(), endpoints: z.array(endpoint).min(1) }),
);

export const podMonitor = object(
  api,
  'PodMonitor',
  z.strictObject({ ...scraping, podMetricsEndpoints: z.array(endpoint).min(1) }),
);

export const prometheusRule = object(
  api,
  'PrometheusRule',
  z.strictObject({
    groups: z.array(
      z.strictObject({
        name: z.string().min(1),
        labels: texts.optional(),
        interval: prometheusDuration.optional(),
        query_offset: prometheusDuration.optional(),
        limit: z.int().optional(),
        partial_response_strategy: z.string().optional(),
        rules: z.array(rule).min(1),
      }),
    ),
  }),
);
