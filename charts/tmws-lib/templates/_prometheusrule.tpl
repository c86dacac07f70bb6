{{/*
Alerts and recording rules: the files of rules/. Their selectors name the job, and are narrowed to this release here, so that
two releases do not alert for each other.
*/}}
{{- define "tmws.prometheusrule" }}
{{- if and .Values.global.monitoring.prometheusRule.enabled (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") }}
{{- $own := printf "namespace=%q,release=%q,job=\"tmws-" .Release.Namespace .Release.Name }}
{{- $runbook := printf "runbook_url: %s#" .Values.global.monitoring.prometheusRule.runbook }}
{{- $ := . }}
{{- range $path, $_ := .Files.Glob "rules/*.yaml" }}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "tmws.fullname" $ }}-{{ base $path | trimSuffix ".yaml" }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "tmws.labels" $ | nindent 4 }}
    {{- with $.Values.global.monitoring.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- $.Files.Get $path | replace "job=\"tmws-" $own | replace "runbook_url: docs/runbook.md#" $runbook | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
