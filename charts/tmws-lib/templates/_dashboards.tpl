{{/* ConfigMaps that Grafana's sidecar reads: the files of dashboards/. */}}
{{- define "tmws.dashboards" }}
{{- if .Values.global.monitoring.dashboards.enabled }}
{{- include "tmws.dashboardsOf" (list . (include "tmws.fullname" .) (include "tmws.labels" .)) }}
{{- end }}
{{- end }}

{{/* (list . name labels) */}}
{{- define "tmws.dashboardsOf" }}
{{- $ := index . 0 }}
{{- $name := index . 1 }}
{{- $labels := index . 2 }}
{{- range $path, $_ := $.Files.Glob "dashboards/*.json" }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $name }}-dashboard
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- $labels | nindent 4 }}
    {{- toYaml $.Values.global.monitoring.dashboards.labels | nindent 4 }}
  {{- with $.Values.global.monitoring.dashboards.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
data:
  tmws-{{ base $path }}: |-
    {{- $.Files.Get $path | nindent 4 }}
{{- end }}
{{- end }}
