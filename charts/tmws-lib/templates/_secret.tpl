{{/*
The admin key and the service token where nobody named a Secret: random, made once, kept over upgrades by `lookup`. Rendered by the one
chart that is given the admin key. What renders without a cluster (`helm template`, GitOps) sees no Secret and makes others each time:
there, global.auth.existingSecret is needed.
*/}}
{{- define "tmws.secret" -}}
{{- if and .Values.dependencies.adminKey (not .Values.global.auth.existingSecret) }}
{{- $name := include "tmws.authSecret" . }}
{{- $kept := (lookup "v1" "Secret" .Release.Namespace $name).data | default dict }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
type: Opaque
data:
  {{- range list .Values.global.auth.adminKeyKey .Values.global.auth.serviceTokenKey }}
  {{ . }}: {{ get $kept . | default (randAlphaNum 48 | b64enc) | quote }}
  {{- end }}
{{- end }}
{{- end }}
