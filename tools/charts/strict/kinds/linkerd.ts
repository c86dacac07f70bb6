// Linkerd 2, policy.linkerd.io: https://linkerd.io/2/reference/authorization-policy/
import { z } from 'zod';
import { httpRules, parentRef } from './gateway-api.ts';
import { labelSelector, object } from './parts.ts';

const reference = z.strictObject({
  group: z.string().optional(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
});

const protocol = z.enum(['unknown', 'HTTP/1', 'HTTP/2', 'gRPC', 'opaque', 'TLS']);

const server = (version: string) =>
  object(
    `policy.linkerd.io/${version}`,
    'Server',
    z
      .strictObject({
        podSelector: labelSelector.optional(),
        externalWorkloadSelector: labelSelector.optional(),
        port: z.union([z.int(), z.string()]),
        proxyProtocol: protocol.optional(),
        ...(version === 'v1beta3' ? { accessPolicy: z.string().optional() } : {}),
      })
      .refine((spec) => (spec.podSelector === undefined) !== (spec.externalWorkloadSelector === undefined), 'one selector'),
  );

export const serverBeta1 = server('v1beta1');
export const serverBeta3 = server('v1beta3');

export const authorizationPolicy = object(
  'policy.linkerd.io/v1alpha1',
  'AuthorizationPolicy',
  z.strictObject({ targetRef: reference, requiredAuthenticationRefs: z.array(reference) }),
);

export const meshTlsAuthentication = object(
  'policy.linkerd.io/v1alpha1',
  'MeshTLSAuthentication',
  z
    .strictObject({ identities: z.array(z.string()).min(1).optional(), identityRefs: z.array(reference).min(1).optional() })
    .refine(({ identities, identityRefs }) => (identities === undefined) !== (identityRefs === undefined), 'one of both'),
);

export const networkAuthentication = object(
  'policy.linkerd.io/v1alpha1',
  'NetworkAuthentication',
  z.strictObject({
    networks: z.array(z.strictObject({ cidr: z.string(), except: z.array(z.string()).optional() })).min(1),
  }),
);

/** Of Linkerd's own group: as Gateway API's, below a Server. */
const route = (version: string) =>
  object(
    `policy.linkerd.io/${version}`,
    'HTTPRoute',
    z.strictObject({
      parentRefs: z.array(parentRef).min(1),
      hostnames: z.array(z.string()).optional(),
      rules: httpRules.optional(),
    }),
  );

export const routeBeta2 = route('v1beta2');
export const routeBeta3 = route('v1beta3');
