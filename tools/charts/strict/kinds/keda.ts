// KEDA, keda.sh/v1alpha1: apis/keda/v1alpha1/*_types.go, pkg/scalers/kafka_scaler.go
import { z } from 'zod';
import { object } from './parts.ts';

const api = 'keda.sh/v1alpha1';
const digits = z.string().regex(/^\d+$/);
const flag = z.enum(['true', 'false']);

const kafka = z.strictObject({
  type: z.literal('kafka'),
  name: z.string().optional(),
  useCachedMetrics: z.boolean().optional(),
  metadata: z.strictObject({
    bootstrapServers: z.string().min(1),
    consumerGroup: z.string().min(1),
    topic: z.string().min(1),
    lagThreshold: digits.optional(),
    activationLagThreshold: digits.optional(),
    offsetResetPolicy: z.enum(['latest', 'earliest']).optional(),
    allowIdleConsumers: flag.optional(),
    scaleToZeroOnInvalidOffset: flag.optional(),
    limitToPartitionsWithLag: flag.optional(),
    excludePersistentLag: flag.optional(),
    ensureEvenDistributionOfPartitions: flag.optional(),
    partitionLimitation: z.string().optional(),
    version: z.string().optional(),
    sasl: z.string().optional(),
    tls: z.enum(['enable', 'disable']).optional(),
  }),
  authenticationRef: z.strictObject({ name: z.string(), kind: z.string().optional() }).optional(),
  metricType: z.enum(['AverageValue', 'Value']).optional(),
});

const policy = z.strictObject({
  type: z.enum(['Pods', 'Percent']),
  value: z.int().min(1),
  periodSeconds: z.int().min(1).max(1800),
});
const scaling = z.strictObject({
  stabilizationWindowSeconds: z.int().min(0).max(3600).optional(),
  selectPolicy: z.enum(['Max', 'Min', 'Disabled']).optional(),
  policies: z.array(policy).optional(),
  tolerance: z.union([z.string(), z.number()]).optional(),
});

export const scaledObject = object(
  api,
  'ScaledObject',
  z
    .strictObject({
      scaleTargetRef: z.strictObject({
        apiVersion: z.string().optional(),
        kind: z.string().optional(),
        name: z.string(),
        envSourceContainerName: z.string().optional(),
      }),
      minReplicaCount: z.int().min(0).optional(),
      maxReplicaCount: z.int().min(1).optional(),
      idleReplicaCount: z.int().min(0).optional(),
      pollingInterval: z.int().min(1).optional(),
      cooldownPeriod: z.int().min(0).optional(),
      initialCooldownPeriod: z.int().min(0).optional(),
      fallback: z
        .strictObject({
          failureThreshold: z.int().min(0),
          replicas: z.int().min(0),
          behavior: z.enum(['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower']).optional(),
        })
        .optional(),
      advanced: z
        .strictObject({
          restoreToOriginalReplicaCount: z.boolean().optional(),
          horizontalPodAutoscalerConfig: z
            .strictObject({
              name: z.string().optional(),
              behavior: z.strictObject({ scaleUp: scaling.optional(), scaleDown: scaling.optional() }).optional(),
            })
            .optional(),
        })
        .optional(),
      triggers: z.array(kafka).min(1),
    })
    .refine(({ minReplicaCount = 0, maxReplicaCount = 100 }) => minReplicaCount <= maxReplicaCount, 'min above max'),
);

export const triggerAuthentication = object(
  api,
  'TriggerAuthentication',
  z.strictObject({
    secretTargetRef: z
      .array(
        z.strictObject({
          parameter: z.enum(['sasl', 'tls', 'username', 'password', 'ca', 'cert', 'key', 'keyPassword']),
          name: z.string().min(1),
          key: z.string().min(1),
        }),
      )
      .min(1),
  }),
);
