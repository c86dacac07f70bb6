{{/* A Server for the gRPC port: what no route of it has is unknown, what no policy allows is refused. Health stands open for the kubelet. */}}
{{- define "tmws.linkerd" }}
{{- $ := . }}
{{- $name := include "tmws.fullname" . }}
{{- $server := printf "%s-grpc" $name }}
{{- if hasKey .Values.ports "grpc" }}
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata:
  {{- include "tmws.meshMetadata" (list . $server) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
  port: grpc
  proxyProtocol: gRPC
  accessPolicy: deny
{{- range $caller, $methods := include "tmws.methodsByCaller" . | fromYaml }}
{{- include "tmws.linkerdRoute" (list $ (printf "%s-from-%s" $name $caller) $server $methods) }}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata:
  {{- include "tmws.meshMetadata" (list $ (printf "%s-from-%s" $name $caller)) | nindent 2 }}
spec:
  identityRefs:
    - kind: ServiceAccount
      name: {{ include "tmws.nameOf" (list $ $caller) }}
{{- include "tmws.linkerdAllow" (list $ (printf "%s-from-%s" $name $caller) "MeshTLSAuthentication") }}
{{- end }}
{{- with .Values.global.mesh.ingressPrincipals }}
{{- $served := list }}
{{- range get (include "tmws.grpcServices" $ | fromYaml) $.Chart.Name }}{{ $served = append $served . }}{{ end }}
{{- include "tmws.linkerdRoute" (list $ (printf "%s-from-ingress" $name) $server $served) }}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata:
  {{- include "tmws.meshMetadata" (list $ (printf "%s-from-ingress" $name)) | nindent 2 }}
spec:
  identities:
    {{- toYaml . | nindent 4 }}
{{- include "tmws.linkerdAllow" (list $ (printf "%s-from-ingress" $name) "MeshTLSAuthentication") }}
{{- end }}
{{- include "tmws.linkerdRoute" (list $ (printf "%s-health" $name) $server (list "grpc.health.v1.Health/Check")) }}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: NetworkAuthentication
metadata:
  {{- include "tmws.meshMetadata" (list $ (printf "%s-health" $name)) | nindent 2 }}
spec:
  networks:
    - cidr: 0.0.0.0/0
    - cidr: ::/0
{{- include "tmws.linkerdAllow" (list $ (printf "%s-health" $name) "NetworkAuthentication") }}
{{- end }}
{{- end }}

{{/* (list . name server methods): a method in full matches itself, a service all of its. Eight matches a rule is what the API takes. */}}
{{- define "tmws.linkerdRoute" }}
{{- $ := index . 0 }}
---
apiVersion: policy.linkerd.io/v1beta3
kind: HTTPRoute
metadata:
  {{- include "tmws.meshMetadata" (list $ (index . 1)) | nindent 2 }}
spec:
  parentRefs:
    - group: policy.linkerd.io
      kind: Server
      name: {{ index . 2 }}
  rules:
    {{- range chunk 8 (index . 3) }}
    - matches:
        {{- range . }}
        - method: POST
          path:
            type: {{ ternary "Exact" "PathPrefix" (contains "/" .) }}
            value: /{{ . }}{{ if not (contains "/" .) }}/{{ end }}
        {{- end }}
    {{- end }}
{{- end }}

{{/* (list . name kind): the authentication and the route have one name. */}}
{{- define "tmws.linkerdAllow" }}
{{- $ := index . 0 }}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata:
  {{- include "tmws.meshMetadata" (list $ (index . 1)) | nindent 2 }}
spec:
  targetRef:
    group: policy.linkerd.io
    kind: HTTPRoute
    name: {{ index . 1 }}
  requiredAuthenticationRefs:
    - group: policy.linkerd.io
      kind: {{ index . 2 }}
      name: {{ index . 1 }}
{{- end }}
