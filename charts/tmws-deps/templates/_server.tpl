{{/* (list . "kafka" "kafka"): labels that select a server's pods. */}}
{{- define "deps.selectorLabels" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "deps.labels" -}}
{{- $ := index . 0 -}}
{{ include "deps.selectorLabels" . }}
app.kubernetes.io/part-of: tmws-deps
app.kubernetes.io/version: {{ (get $.Values (index . 1)).image.tag | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ $.Chart.Name }}-{{ $.Chart.Version }}
{{- end }}

{{- define "deps.image" -}}
{{- $ := index . 0 -}}
{{- $image := (get $.Values (index . 1)).image -}}
{{- with $.Values.global.imageRegistry }}{{ trimSuffix "/" . }}/{{ end }}{{ $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag }}{{ end -}}
{{- end }}

{{/* Percent of a quantity, in MiB: (list "1Gi" 50). */}}
{{- define "deps.mebibytes" -}}
{{- $units := dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "k" 1000 "M" 1000000 "G" 1000000000 "" 1 -}}
{{- $text := index . 0 | toString -}}
{{- $number := regexFind "^[0-9]+([.][0-9]+)?" $text -}}
{{- $unit := trimPrefix $number $text -}}
{{- if or (not $number) (not (hasKey $units $unit)) }}{{ fail (printf "resources.limits.memory is %q; write it like 512Mi or 1Gi" $text) }}{{ end -}}
{{- div (mul (mulf (float64 $number) (float64 (get $units $unit)) | int64) (int64 (index . 1))) 104857600 -}}
{{- end }}

{{/* (list . name port): the Service TMWS asks. */}}
{{- define "deps.service" }}
{{- $ := index . 0 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $.Release.Name }}-{{ index . 1 }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "deps.labels" . | nindent 4 }}
spec:
  type: ClusterIP
  selector:
    {{- include "deps.selectorLabels" . | nindent 4 }}
  ports:
    - name: {{ index . 1 }}
      port: {{ index . 2 }}
      targetPort: {{ index . 1 }}
      protocol: TCP
{{- end }}

{{/* (list . name): what all three pods have. */}}
{{- define "deps.pod" -}}
{{- $ := index . 0 -}}
{{- $server := get $.Values (index . 1) -}}
{{- $security := deepCopy $.Values.podSecurityContext -}}
{{- if not (kindIs "invalid" $server.runAsUser) -}}
{{- range list "runAsUser" "runAsGroup" "fsGroup" }}{{ $_ := set $security . (int64 $server.runAsUser) }}{{ end -}}
{{- $_ := set $security "fsGroupChangePolicy" "OnRootMismatch" -}}
{{- end -}}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 30
{{- with $.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $security | nindent 2 }}
{{- with $.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* (list . name): the volume `data`, where it is not a claim. */}}
{{- define "deps.dataVolume" -}}
{{- $persistence := (get (index . 0).Values (index . 1)).persistence -}}
{{- if not $persistence.enabled -}}
- name: data
  emptyDir:
    sizeLimit: {{ $persistence.size }}
{{- end }}
{{- end }}

{{- define "deps.claim" -}}
{{- $persistence := (get (index . 0).Values (index . 1)).persistence -}}
{{- if $persistence.enabled -}}
volumeClaimTemplates:
  - metadata:
      name: data
      labels:
        {{- include "deps.selectorLabels" . | nindent 8 }}
    spec:
      accessModes: [ReadWriteOnce]
      {{- with $persistence.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ $persistence.size }}
{{- end }}
{{- end }}

{{/* (list . name): the head of a StatefulSet, to its pod's spec. */}}
{{- define "deps.statefulset" }}
{{- $ := index . 0 }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $.Release.Name }}-{{ index . 1 }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "deps.labels" . | nindent 4 }}
spec:
  replicas: 1
  serviceName: {{ $.Release.Name }}-{{ index . 1 }}
  revisionHistoryLimit: 2
  selector:
    matchLabels:
      {{- include "deps.selectorLabels" . | nindent 6 }}
  {{- with include "deps.claim" . }}
  {{- . | nindent 2 }}
  {{- end }}
  template:
    metadata:
      labels:
        {{- include "deps.labels" . | nindent 8 }}
    spec:
      {{- include "deps.pod" . | nindent 6 }}
{{- end }}
