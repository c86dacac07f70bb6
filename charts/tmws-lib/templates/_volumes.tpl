{{/*
Volumes and mounts in two lists that agree: tmws.serverVolumes of Kafka's and the database's secrets (the migration Job needs no
more), tmws.volumes of the pod. Each is JSON {volumes, mounts}.
*/}}
{{- define "tmws.serverVolumes" -}}
{{- $volumes := list -}}
{{- $mounts := list -}}
{{- $global := .Values.global -}}
{{- if .Values.dependencies.database -}}
{{- $volumes = append $volumes (include "tmws.secretVolume" (list "database" $global.database.existingSecret (dict $global.database.urlKey "url")) | fromJson) -}}
{{- $mounts = append $mounts (dict "name" "database" "mountPath" "/run/secrets/tmws/database" "readOnly" true) -}}
{{- end -}}
{{- if and .Values.dependencies.redis $global.redis.existingSecret -}}
{{- $volumes = append $volumes (include "tmws.secretVolume" (list "redis" $global.redis.existingSecret (dict $global.redis.urlKey "url")) | fromJson) -}}
{{- $mounts = append $mounts (dict "name" "redis" "mountPath" "/run/secrets/tmws/redis" "readOnly" true) -}}
{{- end -}}
{{- if .Values.dependencies.kafka -}}
{{- $sources := list -}}
{{- with $global.kafka.sasl }}{{ if .mechanism -}}
{{- $sources = append $sources (dict "secret" (dict "name" .existingSecret "items" (list (dict "key" .passwordKey "path" "password")))) -}}
{{- end }}{{ end -}}
{{- with $global.kafka.tls }}{{ if and .enabled .existingSecret -}}
{{- $items := list -}}
{{- if .caKey }}{{ $items = append $items (dict "key" .caKey "path" "ca.crt") }}{{ end -}}
{{- if .certKey }}{{ $items = append $items (dict "key" .certKey "path" "tls.crt") }}{{ end -}}
{{- if .keyKey }}{{ $items = append $items (dict "key" .keyKey "path" "tls.key") }}{{ end -}}
{{- $sources = append $sources (dict "secret" (dict "name" .existingSecret "items" $items)) -}}
{{- end }}{{ end -}}
{{- if $sources -}}
{{- $volumes = append $volumes (dict "name" "kafka" "projected" (dict "defaultMode" 288 "sources" $sources)) -}}
{{- $mounts = append $mounts (dict "name" "kafka" "mountPath" "/run/secrets/tmws/kafka" "readOnly" true) -}}
{{- end -}}
{{- end -}}
{{- range $name, $folder := .Values.writable -}}
{{- if $folder -}}
{{- $volumes = append $volumes (dict "name" $name "emptyDir" (dict "sizeLimit" $folder.sizeLimit)) -}}
{{- $mounts = append $mounts (dict "name" $name "mountPath" $folder.path) -}}
{{- end -}}
{{- end -}}
{{- dict "volumes" $volumes "mounts" $mounts | toJson -}}
{{- end }}

{{/* (list name secret {key: file}); 288 is 0440: root and the pod's group. */}}
{{- define "tmws.secretVolume" -}}
{{- $items := list -}}
{{- range $key, $path := index . 2 }}{{ $items = append $items (dict "key" $key "path" $path) }}{{ end -}}
{{- dict "name" (index . 0) "secret" (dict "secretName" (index . 1) "defaultMode" 288 "items" $items) | toJson -}}
{{- end }}

{{- define "tmws.volumes" -}}
{{- $ := . -}}
{{- $both := include "tmws.serverVolumes" . | fromJson -}}
{{- $volumes := $both.volumes -}}
{{- $mounts := $both.mounts -}}
{{- $keys := dict .Values.global.auth.serviceTokenKey "service-token" -}}
{{- if .Values.dependencies.adminKey }}{{ $_ := set $keys .Values.global.auth.adminKeyKey "admin-key" }}{{ end -}}
{{- $volumes = append $volumes (include "tmws.secretVolume" (list "auth" (include "tmws.authSecret" .) $keys) | fromJson) -}}
{{- $mounts = append $mounts (dict "name" "auth" "mountPath" "/run/secrets/tmws/auth" "readOnly" true) -}}
{{- range $name, $file := .Values.config }}{{ if eq (include "tmws.hasConfig" $file) "yes" -}}
{{- $object := $file.existing | default (printf "%s-%s" (include "tmws.fullname" $) $name) -}}
{{- $volume := ternary (dict "secret" (dict "secretName" $object "defaultMode" 288)) (dict "configMap" (dict "name" $object)) (eq $file.kind "Secret") -}}
{{- $volumes = append $volumes (set $volume "name" (printf "config-%s" $name)) -}}
{{- $mounts = append $mounts (dict "name" (printf "config-%s" $name) "mountPath" (printf "/etc/tmws/%s" $name) "readOnly" true) -}}
{{- end }}{{ end -}}
{{- $volumes = concat $volumes .Values.extraVolumes -}}
{{- $mounts = concat $mounts .Values.extraVolumeMounts -}}
{{- dict "volumes" $volumes "mounts" $mounts | toJson -}}
{{- end }}
