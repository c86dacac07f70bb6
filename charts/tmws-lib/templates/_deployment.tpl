{{/* The service's pods. `replicas` is left to whoever scales them, where somebody does. */}}
{{- define "tmws.deployment" -}}
{{- $storage := include "tmws.volumes" . | fromJson }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "tmws.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
spec:
  {{- if not (or .Values.autoscaling.enabled .Values.keda.enabled) }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: {{ .Values.revisionHistoryLimit }}
  minReadySeconds: {{ .Values.minReadySeconds }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      {{- toYaml .Values.updateStrategy | nindent 6 }}
  selector:
    matchLabels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "tmws.selectorLabels" . | nindent 8 }}
        app.kubernetes.io/part-of: tmws
        app.kubernetes.io/version: {{ include "tmws.version" . | quote }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        checksum/config: {{ include "tmws.configChecksum" . | quote }}
        kubectl.kubernetes.io/default-container: {{ .Chart.Name }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "tmws.serviceAccountName" . }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      {{- with include "tmws.pullSecrets" . | trim }}{{ nindent 6 . }}{{ end }}
      securityContext:
        {{- include "tmws.withoutNulls" .Values.podSecurityContext | nindent 8 }}
      {{- include "tmws.placement" . | trim | nindent 6 }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "tmws.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          securityContext:
            {{- include "tmws.withoutNulls" .Values.securityContext | nindent 12 }}
          env:
            {{- include "tmws.envList" (list (include "tmws.env" . | fromJson) .Values.extraEnv) | trim | nindent 12 }}
          {{- with .Values.envFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            {{- range $name, $port := .Values.ports }}
            - name: {{ $name }}
              containerPort: {{ $port.port }}
              protocol: TCP
            {{- end }}
          {{- range $kind, $probe := .Values.probes }}
          {{ $kind }}Probe:
            {{- include "tmws.probe" (list $ $probe) | nindent 12 }}
          {{- end }}
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            {{- toYaml $storage.mounts | nindent 12 }}
      volumes:
        {{- toYaml $storage.volumes | nindent 8 }}
{{- end }}

{{/* (list . probe): the admin port over HTTP, or the health service over gRPC. */}}
{{- define "tmws.probe" -}}
{{- $ := index . 0 -}}
{{- $probe := index . 1 -}}
{{- if eq $probe.kind "grpc" -}}
grpc:
  port: {{ $.Values.ports.grpc.port }}
{{- else -}}
httpGet:
  path: {{ $probe.path }}
  port: admin
{{- end }}
{{- range $key, $value := omit $probe "kind" "path" }}
{{ $key }}: {{ $value }}
{{- end }}
{{- end }}

{{/* On which nodes, and which pods go first. */}}
{{- define "tmws.placement" -}}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
tolerations:
  {{- range list "not-ready" "unreachable" }}
  - key: node.kubernetes.io/{{ . }}
    operator: Exists
    effect: NoExecute
    tolerationSeconds: {{ $.Values.lostNodeSeconds }}
  {{- end }}
  {{- with .Values.tolerations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if or .Values.topologySpreadConstraints .Values.topologySpread.enabled }}
topologySpreadConstraints:
{{- if .Values.topologySpreadConstraints }}
  {{- toYaml .Values.topologySpreadConstraints | nindent 2 }}
{{- else }}
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "tmws.selectorLabels" $ | nindent 8 }}
    {{- /* Without it pods of the version that goes are counted, and new ones land on one node. */}}
    {{- if semverCompare ">=1.27-0" $.Capabilities.KubeVersion.Version }}
    matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
