{{/*
Jobs that bring the service's schema and the topics to what this version needs (`main.mjs migrate`).

  hook  before install and upgrade; pods wait until the schema has what they know
  job   a Job of the release whose name carries version and revision: nothing of it can change, and GitOps has no hooks
  none  pods migrate when they start

A hook runs before anything of the chart is there, so a Job uses the namespace's default ServiceAccount without its token, secrets of
the user, and a NetworkPolicy of its own. Steps older versions cannot live with wait for `migrations.contract`, except in an empty cluster.
*/}}
{{- define "tmws.migrate" -}}
{{- if and .Values.migrations.enabled (ne .Values.migrations.mode "none") }}
{{- $hook := eq .Values.migrations.mode "hook" }}
{{- $fresh := and $hook .Release.IsInstall }}
{{- include "tmws.migrateNetworkPolicy" . }}
{{- include "tmws.migrateJob" (list . "migrate" (ternary "pre-install,pre-upgrade" "" $hook) (ternary "yes" "no" $fresh)) }}
{{- if .Values.migrations.contract }}
{{- include "tmws.migrateJob" (list . "contract" (ternary "post-upgrade" "" $hook) "yes") }}
{{- end }}
{{- end }}
{{- end }}

{{/* (list . name hooks contract) */}}
{{- define "tmws.migrateJob" -}}
{{- $ := index . 0 -}}
{{- $what := index . 1 -}}
{{- $hooks := index . 2 -}}
{{- $migrations := $.Values.migrations -}}
{{- $storage := include "tmws.serverVolumes" $ | fromJson -}}
{{- $env := include "tmws.serverEnv" $ | fromJson -}}
{{- $_ := set $env "TMWS_BIND" (dict "value" "127.0.0.1") -}}
{{- $_ := set $env "TMWS_AUTH" (dict "value" "off") -}}
{{- $_ := set $env "TMWS_MIGRATE_CONTRACT" (dict "value" (index . 3)) -}}
{{- /* It says what it waited for, before Kubernetes ends it without a word. */}}
{{- $_ := set $env "TMWS_MIGRATE_TIMEOUT" (dict "value" (printf "%ds" (max 1 (sub (int64 $migrations.activeDeadlineSeconds) 20)))) -}}
{{- with $.Values.env.TMWS_LOG_LEVEL }}{{ $_ := set $env "TMWS_LOG_LEVEL" (dict "value" .) }}{{ end }}
---
apiVersion: batch/v1
kind: Job
metadata:
  {{- if $hooks }}
  name: {{ include "tmws.fullname" $ }}-{{ $what }}
  {{- else }}
  name: {{ include "tmws.fullname" $ }}-{{ $what }}-{{ $.Chart.Version | replace "." "-" | replace "+" "-" | lower }}-{{ $.Release.Revision }}
  {{- end }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "tmws.besideLabels" (list $ "migrate") | nindent 4 }}
  {{- if $hooks }}
  annotations:
    helm.sh/hook: {{ $hooks }}
    helm.sh/hook-weight: '0'
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
  {{- end }}
spec:
  backoffLimit: {{ $migrations.backoffLimit }}
  activeDeadlineSeconds: {{ $migrations.activeDeadlineSeconds }}
  ttlSecondsAfterFinished: {{ $migrations.ttlSecondsAfterFinished }}
  template:
    metadata:
      labels:
        {{- include "tmws.besideLabels" (list $ "migrate") | nindent 8 }}
      annotations:
        sidecar.istio.io/inject: 'false'
        linkerd.io/inject: disabled
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with include "tmws.pullSecrets" $ | trim }}{{ nindent 6 . }}{{ end }}
      securityContext:
        {{- include "tmws.withoutNulls" $.Values.podSecurityContext | nindent 8 }}
      {{- with $.Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $.Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ $what }}
          image: {{ include "tmws.image" $ | quote }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          args: [migrate]
          securityContext:
            {{- include "tmws.withoutNulls" $.Values.securityContext | nindent 12 }}
          env:
            {{- include "tmws.envList" (list $env $.Values.extraEnv) | trim | nindent 12 }}
          {{- with $.Values.envFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $migrations.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            {{- toYaml (concat $storage.mounts $.Values.extraVolumeMounts) | nindent 12 }}
      volumes:
        {{- toYaml (concat $storage.volumes $.Values.extraVolumes) | nindent 8 }}
{{- end }}

{{- define "tmws.migrateNetworkPolicy" -}}
{{- if .Values.global.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "tmws.fullname" . }}-migrate
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.besideLabels" (list . "migrate") | nindent 4 }}
  {{- if eq .Values.migrations.mode "hook" }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade{{ if .Values.migrations.contract }},post-upgrade{{ end }}
    helm.sh/hook-weight: '-5'
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed
  {{- end }}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ .Chart.Name }}-migrate
      app.kubernetes.io/instance: {{ .Release.Name }}
  policyTypes: [Ingress, Egress]
  ingress: []
  egress:
    {{- include "tmws.egressToServers" . | trim | nindent 4 }}
    {{- with .Values.networkPolicy.egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}
