import { type z } from 'zod';
import { grpcRoute, httpRoute } from './kinds/gateway-api.ts';
import * as istio from './kinds/istio.ts';
import * as keda from './kinds/keda.ts';
import * as linkerd from './kinds/linkerd.ts';
import * as prometheus from './kinds/prometheus-operator.ts';

/** Kinds of operators that charts make, each closed: by `apiVersion kind`. What of a kind no chart uses may be absent here. */
export const operatorKinds: Readonly<Record<string, z.ZodType>> = {
  'monitoring.coreos.com/v1 ServiceMonitor': prometheus.serviceMonitor,
  'monitoring.coreos.com/v1 PodMonitor': prometheus.podMonitor,
  'monitoring.coreos.com/v1 PrometheusRule': prometheus.prometheusRule,
  'keda.sh/v1alpha1 ScaledObject': keda.scaledObject,
  'keda.sh/v1alpha1 TriggerAuthentication': keda.triggerAuthentication,
  'gateway.networking.k8s.io/v1 HTTPRoute': httpRoute,
  'gateway.networking.k8s.io/v1 GRPCRoute': grpcRoute,
  'security.istio.io/v1 AuthorizationPolicy': istio.authorizationPolicy,
  'security.istio.io/v1 PeerAuthentication': istio.peerAuthentication,
  'networking.istio.io/v1 DestinationRule': istio.destinationRule,
  'networking.istio.io/v1 Sidecar': istio.sidecar,
  'policy.linkerd.io/v1beta1 Server': linkerd.serverBeta1,
  'policy.linkerd.io/v1beta3 Server': linkerd.serverBeta3,
  'policy.linkerd.io/v1alpha1 AuthorizationPolicy': linkerd.authorizationPolicy,
  'policy.linkerd.io/v1alpha1 MeshTLSAuthentication': linkerd.meshTlsAuthentication,
  'policy.linkerd.io/v1alpha1 NetworkAuthentication': linkerd.networkAuthentication,
  'policy.linkerd.io/v1beta2 HTTPRoute': linkerd.routeBeta2,
  'policy.linkerd.io/v1beta3 HTTPRoute': linkerd.routeBeta3,
};
