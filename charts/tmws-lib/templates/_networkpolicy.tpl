{{/*
What a service may reach and who may reach it: `dependencies` and `callers` of its values, DNS, the scraper, and nothing else.
The same lists are there for a mesh. In _networkpeers.tpl: where Kafka, Postgres and the outside are.
*/}}
{{- define "tmws.networkpolicy" -}}
{{- if .Values.global.networkPolicy.enabled }}
{{- $ := . }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "tmws.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- include "tmws.ingressRules" . | trim | nindent 4 }}
  egress:
    {{- include "tmws.egressToServers" . | trim | nindent 4 }}
    {{- with include "tmws.egressToServices" . | trim }}{{ nindent 4 . }}{{ end }}
    {{- with include "tmws.egressOutside" . | trim }}{{ nindent 4 . }}{{ end }}
    {{- with include "tmws.egressOfMesh" . | trim }}{{ nindent 4 . }}{{ end }}
    {{- with .Values.networkPolicy.egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "tmws.ingressRules" -}}
{{- $ := . -}}
{{- $proxied := eq .Values.global.mesh.provider "linkerd" -}}
{{- range .Values.callers }}
- from:
    - podSelector:
        matchLabels:
          {{- include "tmws.podsOf" (list $ .service) | nindent 10 }}
  ports:
    {{- range .ports }}
    - port: {{ (get $.Values.ports .).port }}
      protocol: TCP
    {{- end }}
    {{- if $proxied }}
    - port: 4143
      protocol: TCP
    {{- end }}
{{- end }}
{{- if .Values.test.enabled }}
- from:
    - podSelector:
        matchLabels:
          {{- include "tmws.podsOf" (list $ (printf "%s-test" .Chart.Name)) | nindent 10 }}
  ports:
    - port: {{ .Values.ports.http.port }}
      protocol: TCP
{{- end }}
{{- range $name, $from := .Values.networkPolicy.open }}
{{- if kindIs "slice" $from }}
- ports:
    - port: {{ (get $.Values.ports $name).port }}
      protocol: TCP
  {{- with $from }}
  from:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- with .Values.networkPolicy.scraped }}
- from:
    - namespaceSelector:
        {{- toYaml $.Values.global.networkPolicy.monitoring.namespaceSelector | nindent 8 }}
  ports:
    {{- range . }}
    - port: {{ (get $.Values.ports .).port }}
      protocol: TCP
    {{- end }}
{{- end }}
{{- with .Values.networkPolicy.ingress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels of another service's pods; of "*", all of the release. */}}
{{- define "tmws.podsOf" -}}
{{- if eq (index . 1) "*" -}}
app.kubernetes.io/part-of: tmws
{{- else -}}
app.kubernetes.io/name: {{ index . 1 }}
{{- end }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "tmws.egressToServices" -}}
{{- $ := . -}}
{{- $calls := .Values.dependencies.services -}}
{{- if .Values.dependencies.access }}{{ $calls = append $calls (dict "service" "gateway" "port" 50051) }}{{ end -}}
{{- range $calls }}
- to:
    - podSelector:
        matchLabels:
          {{- include "tmws.podsOf" (list $ .service) | nindent 10 }}
  ports:
    - port: {{ .port }}
      protocol: TCP
    {{- if eq $.Values.global.mesh.provider "linkerd" }}
    - port: 4143
      protocol: TCP
    {{- end }}
{{- end }}
{{- end }}

{{- define "tmws.egressOutside" -}}
{{- $outside := .Values.dependencies.outside -}}
{{- if and $outside.ports (or (not $outside.whenSetting) (hasKey .Values.env $outside.whenSetting)) }}
- to:
    {{- if $outside.cidrs }}
    {{- range $outside.cidrs }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
    {{- else }}
    {{- include "tmws.anywhere" . | nindent 4 }}
    {{- end }}
  ports:
    {{- range $outside.ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}
{{- end }}

{{- define "tmws.egressOfMesh" -}}
{{- $mesh := dict "istio" (list "istio-system" (list 15010 15012 15017)) "linkerd" (list "linkerd" (list 8080 8086 8090)) -}}
{{- with get $mesh .Values.global.mesh.provider }}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ index . 0 }}
  ports:
    {{- range index . 1 }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}
{{- end }}
