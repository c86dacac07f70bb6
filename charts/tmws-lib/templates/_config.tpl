{{/* Whether a file of the service is given: "yes" or "". */}}
{{- define "tmws.hasConfig" -}}
{{- if or .existing .files }}yes{{ end -}}
{{- end }}

{{/* Files that are given inline, one ConfigMap or Secret each; existing ones are only mounted. */}}
{{- define "tmws.config" -}}
{{- $ := . -}}
{{- range $name, $file := .Values.config }}
{{- if and $file.files (not $file.existing) }}
---
apiVersion: v1
kind: {{ $file.kind }}
metadata:
  name: {{ include "tmws.fullname" $ }}-{{ $name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "tmws.labels" $ | nindent 4 }}
{{- if eq $file.kind "Secret" }}
type: Opaque
stringData:
{{- else }}
data:
{{- end }}
  {{- range $path, $text := $file.files }}
  {{ $path }}: {{ $text | quote }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Changes with what is given inline, so that pods are replaced then. */}}
{{- define "tmws.configChecksum" -}}
{{- toJson .Values.config | sha256sum | trunc 16 -}}
{{- end }}
