{{/* One address for clients of one connection, and all pods by name for clients that spread calls themselves. */}}
{{- define "tmws.service" }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "tmws.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
  {{- with .Values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .Values.service.type }}
  selector:
    {{- include "tmws.selectorLabels" . | nindent 4 }}
  ports:
    {{- include "tmws.servicePorts" (omit .Values.ports "admin") | trim | nindent 4 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "tmws.fullname" . }}-headless
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
    app.kubernetes.io/component: headless
spec:
  type: ClusterIP
  clusterIP: None
  selector:
    {{- include "tmws.selectorLabels" . | nindent 4 }}
  ports:
    {{- include "tmws.servicePorts" .Values.ports | trim | nindent 4 }}
{{- end }}

{{- define "tmws.servicePorts" -}}
{{- range $name, $port := . }}
- name: {{ $name }}
  port: {{ $port.port }}
  targetPort: {{ $name }}
  protocol: TCP
  {{- with $port.appProtocol }}
  appProtocol: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
