{{/* The service's own, without rights and without a token. */}}
{{- define "tmws.serviceaccount" -}}
{{- if .Values.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "tmws.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
{{- end }}
