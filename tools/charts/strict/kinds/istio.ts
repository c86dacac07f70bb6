// Istio, security.istio.io/v1 and networking.istio.io/v1: https://istio.io/latest/docs/reference/config/
import { z } from 'zod';
import { object, texts } from './parts.ts';

const security = 'security.istio.io/v1';
const networking = 'networking.istio.io/v1';
const strings = z.array(z.string()).min(1).optional();
const selector = z.strictObject({ matchLabels: texts });
const tlsMode = z.strictObject({ mode: z.enum(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']) });

const source = z.strictObject({
  principals: strings,
  notPrincipals: strings,
  requestPrincipals: strings,
  notRequestPrincipals: strings,
  namespaces: strings,
  notNamespaces: strings,
  serviceAccounts: strings,
  notServiceAccounts: strings,
  ipBlocks: strings,
  notIpBlocks: strings,
  remoteIpBlocks: strings,
  notRemoteIpBlocks: strings,
});

// Istio takes ports as texts.
const ports = z.array(z.string().regex(/^\d+$/)).min(1).optional();
const operation = z.strictObject({
  hosts: strings,
  notHosts: strings,
  ports,
  notPorts: ports,
  methods: strings,
  notMethods: strings,
  paths: strings,
  notPaths: strings,
});

export const authorizationPolicy = object(
  security,
  'AuthorizationPolicy',
  z.strictObject({
    selector: selector.optional(),
    targetRefs: z
      .array(
        z.strictObject({ group: z.string().optional(), kind: z.string(), name: z.string(), namespace: z.string().optional() }),
      )
      .optional(),
    action: z.enum(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']).optional(),
    rules: z
      .array(
        z.strictObject({
          from: z.array(z.strictObject({ source })).optional(),
          to: z.array(z.strictObject({ operation })).optional(),
          when: z.array(z.strictObject({ key: z.string(), values: strings, notValues: strings })).optional(),
        }),
      )
      .optional(),
  }),
);

export const peerAuthentication = object(
  security,
  'PeerAuthentication',
  z.strictObject({
    selector: selector.optional(),
    mtls: tlsMode.optional(),
    portLevelMtls: z.record(z.string().regex(/^\d+$/), tlsMode).optional(),
  }),
);

const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)$/);

const trafficPolicy = z.strictObject({
  loadBalancer: z
    .strictObject({
      simple: z.enum(['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST']).optional(),
      consistentHash: z.record(z.string(), z.unknown()).optional(),
      localityLbSetting: z.record(z.string(), z.unknown()).optional(),
      warmup: z.record(z.string(), z.unknown()).optional(),
      warmupDurationSecs: duration.optional(),
    })
    .optional(),
  connectionPool: z
    .strictObject({
      tcp: z
        .strictObject({
          maxConnections: z.int().optional(),
          connectTimeout: duration.optional(),
          tcpKeepalive: z.record(z.string(), z.unknown()).optional(),
          maxConnectionDuration: duration.optional(),
          idleTimeout: duration.optional(),
        })
        .optional(),
      http: z
        .strictObject({
          http1MaxPendingRequests: z.int().optional(),
          http2MaxRequests: z.int().optional(),
          maxRequestsPerConnection: z.int().optional(),
          maxRetries: z.int().optional(),
          idleTimeout: duration.optional(),
          h2UpgradePolicy: z.enum(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']).optional(),
          useClientProtocol: z.boolean().optional(),
          maxConcurrentStreams: z.int().optional(),
        })
        .optional(),
    })
    .optional(),
  outlierDetection: z
    .strictObject({
      consecutive5xxErrors: z.int().optional(),
      consecutiveGatewayErrors: z.int().optional(),
      consecutiveLocalOriginFailures: z.int().optional(),
      splitExternalLocalOriginErrors: z.boolean().optional(),
      interval: duration.optional(),
      baseEjectionTime: duration.optional(),
      maxEjectionPercent: z.int().min(0).max(100).optional(),
      minHealthPercent: z.int().min(0).max(100).optional(),
    })
    .optional(),
  tls: z.strictObject({ mode: z.enum(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']), sni: z.string().optional() }).optional(),
});

export const destinationRule = object(
  networking,
  'DestinationRule',
  z.strictObject({
    host: z.string(),
    trafficPolicy: z
      .strictObject({
        ...trafficPolicy.shape,
        portLevelSettings: z
          .array(z.strictObject({ port: z.strictObject({ number: z.int() }), ...trafficPolicy.shape }))
          .optional(),
      })
      .optional(),
    subsets: z.array(z.strictObject({ name: z.string(), labels: texts, trafficPolicy: trafficPolicy.optional() })).optional(),
    exportTo: z.array(z.string()).optional(),
    workloadSelector: selector.optional(),
  }),
);

export const sidecar = object(
  networking,
  'Sidecar',
  z.strictObject({
    workloadSelector: z.strictObject({ labels: texts }).optional(),
    ingress: z.array(z.record(z.string(), z.unknown())).optional(),
    egress: z
      .array(
        z.strictObject({
          port: z.strictObject({ number: z.int(), protocol: z.string(), name: z.string() }).optional(),
          bind: z.string().optional(),
          captureMode: z.enum(['DEFAULT', 'IPTABLES', 'NONE']).optional(),
          // NAMESPACE/HOST, where each may be `*`, `.` or `~`.
          hosts: z.array(z.string().regex(/^[^/\s]+\/[^/\s]+$/)).min(1),
        }),
      )
      .optional(),
    outboundTrafficPolicy: z.strictObject({ mode: z.enum(['REGISTRY_ONLY', 'ALLOW_ANY']) }).optional(),
  }),
);
