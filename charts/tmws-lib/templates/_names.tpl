{{/* <release>-<service>: the name of a service's objects, and where others find it. */}}
{{- define "tmws.fullname" -}}
{{- include "tmws.nameOf" (list . .Chart.Name) -}}
{{- end }}

{{/* The name of another service of the release: (list . "alerting"). */}}
{{- define "tmws.nameOf" -}}
{{- printf "%s-%s" (index . 0).Release.Name (index . 1) | trunc 52 | trimSuffix "-" -}}
{{- end }}

{{- define "tmws.chartLabel" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* Which pods are the service's. Never changes: a Deployment's selector cannot. */}}
{{- define "tmws.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "tmws.labels" -}}
{{ include "tmws.selectorLabels" . }}
app.kubernetes.io/part-of: tmws
app.kubernetes.io/version: {{ include "tmws.version" . | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ include "tmws.chartLabel" . }}
{{- end }}

{{/* Labels of what runs beside the service and is none of its pods (Jobs, tests): (list . "migrate"). */}}
{{- define "tmws.besideLabels" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: {{ $.Chart.Name }}-{{ index . 1 }}
app.kubernetes.io/instance: {{ $.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/part-of: tmws
app.kubernetes.io/version: {{ include "tmws.version" $ | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ include "tmws.chartLabel" $ }}
{{- end }}

{{/* The tag that runs, as a label. */}}
{{- define "tmws.version" -}}
{{- .Values.image.tag | default .Values.global.imageTag | default .Chart.AppVersion | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "tmws.image" -}}
{{- $repository := .Values.image.repository | default (printf "tmws/%s" .Chart.Name) -}}
{{- include "tmws.imageOf" (list . $repository .Values.image.digest (include "tmws.tag" .)) -}}
{{- end }}

{{- define "tmws.tag" -}}
{{- .Values.image.tag | default .Values.global.imageTag | default .Chart.AppVersion -}}
{{- end }}

{{/* (list . repository digest tag): the digest beats the tag. */}}
{{- define "tmws.imageOf" -}}
{{- $registry := (index . 0).Values.global.imageRegistry | trimSuffix "/" -}}
{{- if $registry }}{{ $registry }}/{{ end }}{{ index . 1 }}{{ if index . 2 }}@{{ index . 2 }}{{ else }}:{{ index . 3 }}{{ end -}}
{{- end }}

{{- define "tmws.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "tmws.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end }}

{{/* The Secret with the admin key and the service token. */}}
{{- define "tmws.authSecret" -}}
{{- .Values.global.auth.existingSecret | default (include "tmws.nameOf" (list . "auth")) -}}
{{- end }}

{{/* A security context without its null values: a cluster that chooses ids is given none. */}}
{{- define "tmws.withoutNulls" -}}
{{- $kept := dict -}}
{{- range $key, $value := . -}}
{{- if not (kindIs "invalid" $value) }}{{ $_ := set $kept $key $value }}{{ end -}}
{{- end -}}
{{- toYaml $kept -}}
{{- end }}

{{- define "tmws.pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
