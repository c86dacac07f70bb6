// Gateway API, gateway.networking.k8s.io/v1, standard channel: https://gateway-api.sigs.k8s.io/reference/spec/
import { z } from 'zod';
import { gatewayDuration, object, portNumber } from './parts.ts';

export const parentRef = z.strictObject({
  group: z.string().optional(),
  kind: z.string().optional(),
  name: z.string(),
  namespace: z.string().optional(),
  sectionName: z.string().optional(),
  port: portNumber.optional(),
});

const backendRef = z.strictObject({
  group: z.string().optional(),
  kind: z.string().optional(),
  name: z.string(),
  namespace: z.string().optional(),
  port: portNumber,
  weight: z.int().min(0).optional(),
});

const named = z.strictObject({ name: z.string(), value: z.string() });
const headerMatch = z.strictObject({ type: z.enum(['Exact', 'RegularExpression']).optional(), ...named.shape });
const headerFilter = z.strictObject({
  set: z.array(named).optional(),
  add: z.array(named).optional(),
  remove: z.array(z.string()).optional(),
});

const filter = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('RequestHeaderModifier'), requestHeaderModifier: headerFilter }),
  z.strictObject({ type: z.literal('ResponseHeaderModifier'), responseHeaderModifier: headerFilter }),
  z.strictObject({
    type: z.literal('RequestRedirect'),
    requestRedirect: z.strictObject({
      scheme: z.enum(['http', 'https']).optional(),
      hostname: z.string().optional(),
      port: portNumber.optional(),
      statusCode: z.union([z.literal(301), z.literal(302)]).optional(),
      path: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('URLRewrite'),
    urlRewrite: z.strictObject({
      hostname: z.string().optional(),
      path: z.strictObject({
        type: z.enum(['ReplaceFullPath', 'ReplacePrefixMatch']),
        replaceFullPath: z.string().optional(),
        replacePrefixMatch: z.string().optional(),
      }),
    }),
  }),
]);

const hostnames = z.array(z.string().regex(/^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)).optional();

export const httpRules = z.array(
  z.strictObject({
    name: z.string().optional(),
    matches: z
      .array(
        z.strictObject({
          path: z
            .strictObject({
              type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']).optional(),
              value: z.string().startsWith('/'),
            })
            .optional(),
          headers: z.array(headerMatch).optional(),
          queryParams: z.array(headerMatch).optional(),
          method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']).optional(),
        }),
      )
      .optional(),
    filters: z.array(filter).optional(),
    backendRefs: z.array(z.strictObject({ ...backendRef.shape, filters: z.array(filter).optional() })).optional(),
    timeouts: z.strictObject({ request: gatewayDuration.optional(), backendRequest: gatewayDuration.optional() }).optional(),
  }),
);

export const httpRoute = object(
  'gateway.networking.k8s.io/v1',
  'HTTPRoute',
  z.strictObject({ parentRefs: z.array(parentRef).min(1), hostnames, rules: httpRules.min(1) }),
);

export const grpcRoute = object(
  'gateway.networking.k8s.io/v1',
  'GRPCRoute',
  z.strictObject({
    parentRefs: z.array(parentRef).min(1),
    hostnames,
    rules: z
      .array(
        z.strictObject({
          name: z.string().optional(),
          matches: z
            .array(
              z.strictObject({
                method: z
                  .strictObject({
                    type: z.enum(['Exact', 'RegularExpression']).optional(),
                    service: z.string().optional(),
                    method: z.string().optional(),
                  })
                  .optional(),
                headers: z.array(headerMatch).optional(),
              }),
            )
            .optional(),
          filters: z.array(filter).optional(),
          backendRefs: z.array(backendRef).min(1),
        }),
      )
      .min(1),
  }),
);
