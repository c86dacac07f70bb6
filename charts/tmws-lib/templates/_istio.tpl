{{- define "tmws.istioTls" }}
{{- $plain := (include "tmws.plainPorts" . | fromYaml).ports }}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  {{- include "tmws.meshMetadata" (list . (include "tmws.fullname" .)) | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
  mtls:
    mode: STRICT
  portLevelMtls:
    {{- range $plain }}
    {{ . | quote }}:
      mode: PERMISSIVE
    {{- end }}
{{- $ := . }}
{{- range $suffix := list "" "-headless" }}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  {{- include "tmws.meshMetadata" (list $ (printf "%s%s" (include "tmws.fullname" $) $suffix)) | nindent 2 }}
spec:
  host: {{ include "tmws.fullname" $ }}{{ $suffix }}.{{ $.Release.Namespace }}.svc.cluster.local
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
    {{- if not $suffix }}
    loadBalancer:
      simple: LEAST_REQUEST
    {{- end }}
    outlierDetection:
      consecutiveGatewayErrors: 5
      interval: 10s
      baseEjectionTime: 30s
      maxEjectionPercent: 50
{{- end }}
{{- end }}

{{/* What the proxy knows: services that are called, brokers, and what global.mesh.egressHosts names. */}}
{{- define "tmws.istioSidecar" }}
{{- $ := . }}
{{- $hosts := list "istio-system/*" }}
{{- $services := .Values.dependencies.services }}
{{- if .Values.dependencies.access }}{{ $services = append $services (dict "service" "gateway") }}{{ end }}
{{- range $services }}
{{- $name := include "tmws.nameOf" (list $ .service) }}
{{- range list "" "-headless" }}
{{- $hosts = append $hosts (printf "./%s%s.%s.svc.cluster.local" $name . $.Release.Namespace) }}
{{- end }}
{{- end }}
{{- if .Values.dependencies.kafka }}
{{- range splitList "," .Values.global.kafka.brokers }}
{{- $host := trim . | splitList ":" | first }}
{{- if $host }}{{ $hosts = append $hosts (printf "*/%s" (include "tmws.wholeHost" (list $ $host))) }}{{ end }}
{{- end }}
{{- end }}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  {{- include "tmws.meshMetadata" (list . (include "tmws.fullname" .)) | nindent 2 }}
spec:
  workloadSelector:
    labels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
  outboundTrafficPolicy:
    mode: {{ .Values.global.mesh.outbound }}
  egress:
    - hosts:
        {{- range uniq (concat $hosts .Values.global.mesh.egressHosts) }}
        - {{ . | quote }}
        {{- end }}
{{- end }}

{{/* (list . host): a name of the cluster's DNS in full; any other as it is. */}}
{{- define "tmws.wholeHost" -}}
{{- $host := index . 1 -}}
{{- if regexMatch "^[0-9.]+$" $host }}{{ $host }}
{{- else if not (contains "." $host) }}{{ $host }}.{{ (index . 0).Release.Namespace }}.svc.cluster.local
{{- else if regexMatch "^[^.]+\\.[^.]+$" $host }}{{ $host }}.svc.cluster.local
{{- else if hasSuffix ".svc" $host }}{{ $host }}.cluster.local
{{- else }}{{ $host }}{{ end -}}
{{- end }}

{{/* With one such policy whatever it does not allow is refused. */}}
{{- define "tmws.istioAuthorization" }}
{{- $ := . }}
{{- $own := printf "%s/ns/%s/sa" .Values.global.mesh.trustDomain .Release.Namespace }}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  {{- include "tmws.meshMetadata" (list . (include "tmws.fullname" .)) | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
  action: ALLOW
  rules:
    {{- range $caller, $methods := include "tmws.methodsByCaller" . | fromYaml }}
    - from:
        - source:
            principals:
              - {{ $own }}/{{ include "tmws.nameOf" (list $ $caller) }}
      to:
        - operation:
            ports: [{{ $.Values.ports.grpc.port | quote }}]
            methods: [POST]
            paths:
              {{- range $methods }}
              - /{{ . }}
              {{- end }}
    {{- end }}
    {{- range .Values.callers }}
    {{- $others := list }}
    {{- range without .ports "grpc" }}{{ $others = append $others (get (get $.Values.ports .) "port" | toString) }}{{ end }}
    {{- if $others }}
    - from:
        - source:
            principals:
              - {{ $own }}/{{ include "tmws.nameOf" (list $ .service) }}
      to:
        - operation:
            ports: {{ $others | toJson }}
    {{- end }}
    {{- end }}
    {{- with .Values.global.mesh.ingressPrincipals }}
    - from:
        - source:
            principals:
              {{- toYaml . | nindent 14 }}
    {{- end }}
    - to:
        - operation:
            ports:
              {{- range (include "tmws.plainPorts" . | fromYaml).ports }}
              - {{ . | quote }}
              {{- end }}
{{- end }}
