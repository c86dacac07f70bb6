{{/*
Settings of a container as one map, name to {value} or {valueFrom}: no name comes twice, what `env` says has the last word.
tmws.serverEnv: of every process; tmws.env: of the service's pods.
*/}}
{{- define "tmws.serverEnv" -}}
{{- $env := dict -}}
{{- $global := .Values.global -}}
{{- if .Values.dependencies.kafka -}}
{{- $_ := set $env "TMWS_KAFKA_BROKERS" (dict "value" (nospace $global.kafka.brokers)) -}}
{{- with $global.kafka.tls -}}
{{- if .enabled }}{{ $_ := set $env "TMWS_KAFKA_TLS" (dict "value" "on") }}{{ end -}}
{{- if and .enabled .existingSecret .caKey }}{{ $_ := set $env "TMWS_KAFKA_CA_FILE" (dict "value" "/run/secrets/tmws/kafka/ca.crt") }}{{ end -}}
{{- if and .enabled .existingSecret .certKey }}{{ $_ := set $env "TMWS_KAFKA_CERT_FILE" (dict "value" "/run/secrets/tmws/kafka/tls.crt") }}{{ end -}}
{{- if and .enabled .existingSecret .keyKey }}{{ $_ := set $env "TMWS_KAFKA_KEY_FILE" (dict "value" "/run/secrets/tmws/kafka/tls.key") }}{{ end -}}
{{- end -}}
{{- with $global.kafka.sasl -}}
{{- if .mechanism -}}
{{- $_ := set $env "TMWS_KAFKA_SASL" (dict "value" .mechanism) -}}
{{- $_ := set $env "TMWS_KAFKA_USERNAME" (dict "value" .username) -}}
{{- $_ := set $env "TMWS_KAFKA_PASSWORD_FILE" (dict "value" "/run/secrets/tmws/kafka/password") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if .Values.dependencies.database }}{{ $_ := set $env "TMWS_DATABASE_URL_FILE" (dict "value" "/run/secrets/tmws/database/url") }}{{ end -}}
{{- if and .Values.dependencies.redis $global.redis.existingSecret }}{{ $_ := set $env "TMWS_REDIS_URL_FILE" (dict "value" "/run/secrets/tmws/redis/url") }}{{ end -}}
{{- with $global.otlp.endpoint }}{{ $_ := set $env "OTEL_EXPORTER_OTLP_ENDPOINT" (dict "value" .) }}{{ end -}}
{{- toJson $env -}}
{{- end }}

{{- define "tmws.env" -}}
{{- $ := . -}}
{{- $env := include "tmws.serverEnv" . | fromJson -}}
{{- $_ := set $env "TMWS_BIND" (dict "value" "0.0.0.0") -}}
{{- $_ := set $env "TMWS_SERVICE_TOKEN_FILE" (dict "value" "/run/secrets/tmws/auth/service-token") -}}
{{- if .Values.dependencies.adminKey }}{{ $_ := set $env "TMWS_ADMIN_KEY_FILE" (dict "value" "/run/secrets/tmws/auth/admin-key") }}{{ end -}}
{{- if .Values.dependencies.access -}}
{{- $_ := set $env "TMWS_ACCESS_ADDRESS" (dict "value" (include "tmws.addressOf" (list . (dict "service" "gateway" "port" 50051 "headless" true)))) -}}
{{- end -}}
{{- range .Values.dependencies.services }}{{ if .env }}{{ $_ := set $env .env (dict "value" (include "tmws.addressOf" (list $ .))) }}{{ end }}{{ end -}}
{{- $_ := set $env "TMWS_DRAIN_DELAY" (dict "value" (printf "%ds" (int .Values.drain.delaySeconds))) -}}
{{- $_ := set $env "TMWS_STOP_BUDGET" (dict "value" (printf "%ds" (int .Values.drain.stopBudgetSeconds))) -}}
{{- with .Values.grpcMaxConnectionAge }}{{ $_ := set $env "TMWS_GRPC_MAX_CONNECTION_AGE" (dict "value" .) }}{{ end -}}
{{- if .Values.migrations.enabled -}}
{{- if eq .Values.migrations.mode "none" -}}
{{- $_ := set $env "TMWS_MIGRATE" (dict "value" "on") -}}
{{- $_ := set $env "TMWS_MIGRATE_CONTRACT" (dict "value" (ternary "yes" "no" .Values.migrations.contract)) -}}
{{- else }}{{ $_ := set $env "TMWS_MIGRATE" (dict "value" "wait") -}}
{{- end -}}
{{- end -}}
{{- range $name, $key := .Values.secrets.keys -}}
{{- if and $.Values.secrets.existingSecret $key -}}
{{- $_ := set $env $name (dict "valueFrom" (dict "secretKeyRef" (dict "name" $.Values.secrets.existingSecret "key" $key "optional" true))) -}}
{{- end -}}
{{- end -}}
{{- range $name, $file := .Values.config }}{{ if eq (include "tmws.hasConfig" $file) "yes" -}}
{{- $_ := set $env $file.env (dict "value" (trimSuffix "/" (printf "/etc/tmws/%s/%s" $name ($file.file | default "")))) -}}
{{- end }}{{ end -}}
{{- range $name, $value := include "tmws.memoryEnv" . | fromJson }}{{ $_ := set $env $name (dict "value" $value) }}{{ end -}}
{{- range $name, $value := .Values.env }}{{ $_ := set $env $name (dict "value" (include "tmws.settingText" $value)) }}{{ end -}}
{{- toJson $env -}}
{{- end }}

{{/* A setting as text: a number of values is a float to Helm, and must not become 2.6e+08. */}}
{{- define "tmws.settingText" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/* That map as a container's env: (list . map extraEnv). */}}
{{- define "tmws.envList" -}}
{{- range $name, $entry := index . 0 }}
- name: {{ $name }}
  {{- toYaml $entry | nindent 2 }}
{{- end }}
{{- with index . 1 }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Where another service answers: all of its pods by its headless name, or one address. */}}
{{- define "tmws.addressOf" -}}
{{- $name := include "tmws.nameOf" (list (index . 0) (index . 1).service) -}}
{{- $port := int (index . 1).port -}}
{{- if (index . 1).headless }}dns:///{{ $name }}-headless:{{ $port }}{{ else }}{{ $name }}:{{ $port }}{{ end -}}
{{- end }}
