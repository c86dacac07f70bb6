{{/* Everything a service is: the one include of its chart. */}}
{{- define "tmws.all" -}}
{{- include "tmws.validations" . -}}
{{- include "tmws.serviceaccount" . -}}
{{- include "tmws.secret" . -}}
{{- include "tmws.config" . -}}
{{- include "tmws.migrate" . -}}
{{- include "tmws.deployment" . -}}
{{- include "tmws.service" . -}}
{{- include "tmws.hpa" . -}}
{{- include "tmws.keda" . -}}
{{- include "tmws.pdb" . -}}
{{- include "tmws.networkpolicy" . -}}
{{- include "tmws.servicemonitor" . -}}
{{- include "tmws.prometheusrule" . -}}
{{- include "tmws.dashboards" . -}}
{{- include "tmws.routes" . -}}
{{- include "tmws.mesh" . -}}
{{- include "tmws.test" . -}}
{{- end }}
