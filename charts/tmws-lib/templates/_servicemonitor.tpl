{{/* What the Prometheus operator scrapes: the admin port of each pod. Alerts and dashboards know series by these labels. */}}
{{- define "tmws.servicemonitor" }}
{{- if and .Values.global.monitoring.serviceMonitor.enabled (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "tmws.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
    {{- with .Values.global.monitoring.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  namespaceSelector:
    matchNames: [{{ .Release.Namespace }}]
  selector:
    matchLabels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
      app.kubernetes.io/component: headless
  endpoints:
    - port: admin
      path: /metrics
      interval: {{ .Values.global.monitoring.serviceMonitor.interval }}
      relabelings:
        - targetLabel: job
          replacement: tmws-{{ .Chart.Name }}
        - targetLabel: release
          replacement: {{ .Release.Name }}
{{- end }}
{{- end }}
