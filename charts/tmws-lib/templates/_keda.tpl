{{/* Pods by the lag of the service's consumer group, a trigger for each topic; KEDA makes the HPA. */}}
{{- define "tmws.keda" -}}
{{- if .Values.keda.enabled }}
{{- $ := . }}
{{- $keda := .Values.keda }}
{{- $access := or .Values.global.kafka.sasl.mechanism .Values.global.kafka.tls.enabled }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "tmws.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "tmws.fullname" . }}
  minReplicaCount: {{ $keda.minReplicaCount }}
  maxReplicaCount: {{ $keda.maxReplicaCount }}
  pollingInterval: {{ $keda.pollingInterval }}
  cooldownPeriod: {{ $keda.cooldownPeriod }}
  fallback:
    failureThreshold: {{ $keda.fallback.failureThreshold }}
    replicas: {{ $keda.fallback.replicas | default $keda.minReplicaCount }}
  advanced:
    horizontalPodAutoscalerConfig:
      name: {{ include "tmws.fullname" . }}
      {{- with .Values.autoscaling.behavior }}
      behavior:
        {{- toYaml . | nindent 8 }}
      {{- end }}
  triggers:
    {{- range $keda.topics }}
    - type: kafka
      name: {{ . | replace "." "-" }}
      metadata:
        bootstrapServers: {{ $.Values.global.kafka.brokers | nospace | quote }}
        consumerGroup: {{ $keda.consumerGroup }}
        topic: {{ . }}
        lagThreshold: {{ $keda.lagThreshold | int64 | toString | quote }}
        activationLagThreshold: {{ $keda.activationLagThreshold | int64 | toString | quote }}
        offsetResetPolicy: earliest
        limitToPartitionsWithLag: {{ $keda.limitToPartitionsWithLag | toString | quote }}
        excludePersistentLag: {{ $keda.excludePersistentLag | toString | quote }}
      {{- if $access }}
      authenticationRef:
        name: {{ include "tmws.fullname" $ }}-kafka
      {{- end }}
    {{- end }}
{{- if $access }}
{{- include "tmws.kedaAccess" . }}
{{- end }}
{{- end }}
{{- end }}

{{/* How KEDA signs in to Kafka: as the service does. The words that are no secret are in a Secret too: KEDA takes them from nowhere else. */}}
{{- define "tmws.kedaAccess" }}
{{- $kafka := .Values.global.kafka }}
{{- $words := dict "plain" "plaintext" "scram-sha-256" "scram_sha256" "scram-sha-512" "scram_sha512" }}
{{- $name := printf "%s-kafka" (include "tmws.fullname" .) }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
type: Opaque
stringData:
  sasl: {{ get $words $kafka.sasl.mechanism | default "none" }}
  tls: {{ ternary "enable" "disable" $kafka.tls.enabled }}
  username: {{ $kafka.sasl.username | quote }}
---
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
spec:
  secretTargetRef:
    {{- range list "sasl" "tls" }}
    - parameter: {{ . }}
      name: {{ $name }}
      key: {{ . }}
    {{- end }}
    {{- if $kafka.sasl.mechanism }}
    - parameter: username
      name: {{ $name }}
      key: username
    - parameter: password
      name: {{ $kafka.sasl.existingSecret }}
      key: {{ $kafka.sasl.passwordKey }}
    {{- end }}
    {{- if and $kafka.tls.enabled $kafka.tls.existingSecret }}
    {{- range $parameter, $key := dict "ca" $kafka.tls.caKey "cert" $kafka.tls.certKey "key" $kafka.tls.keyKey }}
    {{- if $key }}
    - parameter: {{ $parameter }}
      name: {{ $kafka.tls.existingSecret }}
      key: {{ $key }}
    {{- end }}
    {{- end }}
    {{- end }}
{{- end }}
