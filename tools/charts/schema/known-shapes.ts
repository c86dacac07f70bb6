// Values that Kubernetes gives their shape, by the name everybody gives them: their defaults say little of what else they may hold.
import { type JsonSchema } from './json-schema.ts';

const texts: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };
const quantities: JsonSchema = { type: 'object', additionalProperties: { type: ['string', 'number'] } };
const objects: JsonSchema = { type: 'array', items: { type: 'object' } };
const nullable: JsonSchema = { type: ['integer', 'null'] };
const countOrShare: JsonSchema = { type: ['integer', 'string', 'null'] };

const closed = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
});

const seccompProfile = closed({ type: { type: 'string' }, localhostProfile: { type: 'string' } });
const seLinuxOptions = closed({
  level: { type: 'string' },
  role: { type: 'string' },
  type: { type: 'string' },
  user: { type: 'string' },
});
const ids = { runAsUser: nullable, runAsGroup: nullable, runAsNonRoot: { type: 'boolean' } } as const;

export const knownShapes: Readonly<Record<string, JsonSchema>> = {
  resources: closed({ requests: quantities, limits: quantities, claims: objects }),
  env: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
  nodeSelector: texts,
  annotations: texts,
  podAnnotations: texts,
  labels: texts,
  podLabels: texts,
  tolerations: objects,
  imagePullSecrets: objects,
  topologySpreadConstraints: objects,
  affinity: closed({ nodeAffinity: { type: 'object' }, podAffinity: { type: 'object' }, podAntiAffinity: { type: 'object' } }),
  behavior: closed({ scaleUp: { type: 'object' }, scaleDown: { type: 'object' } }),
  podSecurityContext: closed({
    ...ids,
    fsGroup: nullable,
    fsGroupChangePolicy: { type: 'string', enum: ['Always', 'OnRootMismatch'] },
    supplementalGroups: { type: 'array', items: { type: 'integer' } },
    seccompProfile,
    seLinuxOptions,
  }),
  securityContext: closed({
    ...ids,
    allowPrivilegeEscalation: { type: 'boolean' },
    readOnlyRootFilesystem: { type: 'boolean' },
    capabilities: closed({
      add: { type: 'array', items: { type: 'string' } },
      drop: { type: 'array', items: { type: 'string' } },
    }),
    seccompProfile,
    seLinuxOptions,
  }),
  runAsUser: nullable,
  runAsGroup: nullable,
  fsGroup: nullable,
  minAvailable: countOrShare,
  maxUnavailable: countOrShare,
};
