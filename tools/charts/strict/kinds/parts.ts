import { z } from 'zod';

export const texts = z.record(z.string(), z.string());

const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/);

/** A closed object of an operator's kind. */
export const object = (apiVersion: string, kind: string, spec: z.ZodType) =>
  z.strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata: z.strictObject({ name, namespace: name, labels: texts.optional(), annotations: texts.optional() }),
    spec,
  });

export const labelSelector = z.strictObject({
  matchLabels: texts.optional(),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

/** As Prometheus writes it: `30s`, `1h30m`. */
export const prometheusDuration = z.string().regex(/^((\d+)(ms|s|m|h|d|w|y))+$/);

/** As Go and Gateway API write it, up to four units. */
export const gatewayDuration = z.string().regex(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/);

export const portNumber = z.int().min(1).max(65_535);
