{{/* Ways in from outside the cluster, off unless asked for: Gateway API's HTTPRoute and GRPCRoute, or an Ingress. */}}
{{- define "tmws.routes" }}
{{- $ := . }}
{{- range $name, $route := .Values.routes }}
{{- if $route.enabled }}
{{- if not (hasKey $.Values.ports $route.port) }}
{{- fail (printf "routes.%s.port is %q; %s has the ports %s" $name $route.port $.Chart.Name (keys $.Values.ports | sortAlpha | join ", ")) }}
{{- end }}
{{- if eq $route.kind "Ingress" }}
{{- include "tmws.ingress" (list $ $name $route) }}
{{- else if not (has $route.kind (list "HTTPRoute" "GRPCRoute")) }}
{{- fail (printf "routes.%s.kind is %q; it can be HTTPRoute, GRPCRoute or Ingress" $name $route.kind) }}
{{- else if not $route.parentRefs }}
{{- fail (printf "routes.%s is enabled and no parentRefs say which Gateway it is for, like [{name: public, namespace: gateways}]" $name) }}
{{- else if $.Capabilities.APIVersions.Has "gateway.networking.k8s.io/v1" }}
{{- include "tmws.gatewayRoute" (list $ $name $route) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tmws.routeMetadata" -}}
{{- $ := index . 0 -}}
name: {{ include "tmws.fullname" $ }}-{{ index . 1 }}
namespace: {{ $.Release.Namespace }}
labels:
  {{- include "tmws.labels" $ | nindent 2 }}
{{- with (index . 2).annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "tmws.gatewayRoute" }}
{{- $ := index . 0 }}
{{- $route := index . 2 }}
{{- $backend := dict "name" (include "tmws.fullname" $) "port" (get (get $.Values.ports $route.port) "port") }}
---
apiVersion: gateway.networking.k8s.io/v1
kind: {{ $route.kind }}
metadata:
  {{- include "tmws.routeMetadata" . | nindent 2 }}
spec:
  parentRefs:
    {{- toYaml $route.parentRefs | nindent 4 }}
  {{- with $route.hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    {{- if eq $route.kind "HTTPRoute" }}
    - matches:
        {{- range $route.paths }}
        - path:
            type: PathPrefix
            value: {{ . }}
        {{- end }}
      backendRefs:
        - {{ toYaml $backend | nindent 10 | trim }}
    {{- else }}
    {{- range chunk 8 ($route.services | default (get (include "tmws.grpcServices" $ | fromYaml) $.Chart.Name)) }}
    - matches:
        {{- range . }}
        - method:
            type: Exact
            service: {{ . }}
        {{- end }}
      backendRefs:
        - {{ toYaml $backend | nindent 10 | trim }}
    {{- end }}
    {{- end }}
{{- end }}

{{- define "tmws.ingress" }}
{{- $ := index . 0 }}
{{- $name := index . 1 }}
{{- $route := index . 2 }}
{{- if not $route.hostnames }}
{{- fail (printf "routes.%s is an Ingress without hostnames; it would take every request of the controller" $name) }}
{{- end }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  {{- include "tmws.routeMetadata" . | nindent 2 }}
spec:
  {{- with $route.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with $route.tlsSecret }}
  tls:
    - secretName: {{ . }}
      hosts:
        {{- toYaml $route.hostnames | nindent 8 }}
  {{- end }}
  rules:
    {{- range $host := $route.hostnames }}
    - host: {{ $host | quote }}
      http:
        paths:
          {{- range $route.paths }}
          - path: {{ . }}
            pathType: Prefix
            backend:
              service:
                name: {{ include "tmws.fullname" $ }}
                port:
                  name: {{ $route.port }}
          {{- end }}
    {{- end }}
{{- end }}
