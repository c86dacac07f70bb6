{{/*
Mutual TLS and method-level authorization by a mesh: who may call which gRPC method is in _calls.tpl, who may reach which other
port is `callers` and `networkPolicy` of the values. Not gated on the cluster's APIs: who asked for a mesh and has none is told
so by the cluster, and never runs without what was asked for.
*/}}
{{- define "tmws.mesh" }}
{{- $provider := .Values.global.mesh.provider }}
{{- if eq $provider "istio" }}
{{- include "tmws.istioTls" . }}
{{- include "tmws.istioSidecar" . }}
{{- include "tmws.istioAuthorization" . }}
{{- else if eq $provider "linkerd" }}
{{- include "tmws.linkerd" . }}
{{- else if ne $provider "none" }}
{{- fail (printf "global.mesh.provider is %q; it can be none, istio or linkerd" $provider) }}
{{- end }}
{{- end }}

{{- define "tmws.meshMetadata" -}}
{{- $ := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ $.Release.Namespace }}
labels:
  {{- include "tmws.labels" $ | nindent 2 }}
{{- end }}

{{/* Ports that whoever may reach them by NetworkPolicy reaches without a certificate too: those open to anybody, and the scraper's. */}}
{{- define "tmws.plainPorts" -}}
{{- $names := list "admin" -}}
{{- range $name, $from := .Values.networkPolicy.open }}{{ if kindIs "slice" $from }}{{ $names = append $names $name }}{{ end }}{{ end -}}
{{- $names = concat $names (.Values.networkPolicy.scraped | default list) -}}
{{- $ports := .Values.ports -}}
{{- $numbers := list -}}
{{- range uniq $names }}{{ if hasKey $ports . }}{{ $numbers = append $numbers (get (get $ports .) "port" | int) }}{{ end }}{{ end -}}
ports: {{ $numbers | toJson }}
{{- end }}

{{/* Methods of this service by caller. */}}
{{- define "tmws.methodsByCaller" -}}
{{- toYaml (get (include "tmws.grpcCalls" . | fromYaml) .Chart.Name | default dict) -}}
{{- end }}
