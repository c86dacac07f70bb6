{{/*
Backups by a CronJob of the umbrella chart: `tmws admin backup`, and `tmws admin verify` of what it made. The claim is the user's: Helm
waits for claims to bind, and one that only a CronJob mounts binds when it first runs.
*/}}
{{- define "tmws.backup" -}}
{{- $backup := .Values.backup }}
{{- if $backup.enabled }}
{{- if not $backup.existingClaim }}
{{- fail "\n\nbackup.enabled needs backup.existingClaim: a PersistentVolumeClaim that backups go to\n" }}
{{- end }}
{{- if not $backup.keySecret }}
{{- fail "\n\nbackup.enabled needs backup.keySecret: a Secret whose key backup.key is a key file (`tmws admin backup --new-key FILE`)\n" }}
{{- end }}
{{- $name := printf "%s-backup" .Release.Name }}
{{- $kafka := .Values.global.kafka }}
{{- $tag := $backup.image.tag | default .Values.global.imageTag | default .Chart.AppVersion }}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.backupLabels" . | nindent 4 }}
spec:
  schedule: {{ $backup.schedule | quote }}
  {{- with $backup.timeZone }}
  timeZone: {{ . | quote }}
  {{- end }}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 2
  jobTemplate:
    spec:
      backoffLimit: {{ $backup.backoffLimit }}
      activeDeadlineSeconds: {{ $backup.activeDeadlineSeconds }}
      ttlSecondsAfterFinished: 86400
      template:
        metadata:
          labels:
            {{- include "tmws.backupLabels" . | nindent 12 }}
          annotations:
            sidecar.istio.io/inject: 'false'
            linkerd.io/inject: disabled
        spec:
          restartPolicy: Never
          automountServiceAccountToken: false
          enableServiceLinks: false
          {{- with include "tmws.pullSecrets" . | trim }}{{ nindent 10 . }}{{ end }}
          securityContext:
            {{- include "tmws.withoutNulls" $backup.podSecurityContext | nindent 12 }}
          containers:
            - name: backup
              image: {{ include "tmws.imageOf" (list . $backup.image.repository $backup.image.digest $tag) | quote }}
              imagePullPolicy: {{ $backup.image.pullPolicy }}
              args:
                - admin
                - backup
                - --to=/backups
                - --key-file=/run/secrets/tmws/backup/backup.key
                - --retain={{ $backup.retain }}
                {{- range $i, $_ := $backup.configMaps }}
                - --include=/etc/tmws/included/{{ $i }}
                {{- end }}
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
              env:
                - name: TMWS_DATABASE_URL_FILE
                  value: /run/secrets/tmws/database/url
                - name: TMWS_KAFKA_BROKERS
                  value: {{ $kafka.brokers | quote }}
                {{- if $kafka.tls.enabled }}
                - name: TMWS_KAFKA_TLS
                  value: 'on'
                {{- if $kafka.tls.existingSecret }}
                - name: TMWS_KAFKA_CA_FILE
                  value: /run/secrets/tmws/kafka-tls/{{ $kafka.tls.caKey }}
                {{- if $kafka.tls.certKey }}
                - name: TMWS_KAFKA_CERT_FILE
                  value: /run/secrets/tmws/kafka-tls/{{ $kafka.tls.certKey }}
                - name: TMWS_KAFKA_KEY_FILE
                  value: /run/secrets/tmws/kafka-tls/{{ $kafka.tls.keyKey }}
                {{- end }}
                {{- end }}
                {{- end }}
                {{- if $kafka.sasl.mechanism }}
                - name: TMWS_KAFKA_SASL
                  value: {{ $kafka.sasl.mechanism }}
                - name: TMWS_KAFKA_USERNAME
                  value: {{ $kafka.sasl.username | quote }}
                - name: TMWS_KAFKA_PASSWORD_FILE
                  value: /run/secrets/tmws/kafka-password/{{ $kafka.sasl.passwordKey }}
                {{- end }}
              {{- with $backup.resources }}
              resources:
                {{- toYaml . | nindent 16 }}
              {{- end }}
              volumeMounts:
                - name: backups
                  mountPath: /backups
                - name: key
                  mountPath: /run/secrets/tmws/backup
                  readOnly: true
                - name: database
                  mountPath: /run/secrets/tmws/database
                  readOnly: true
                {{- if and $kafka.tls.enabled $kafka.tls.existingSecret }}
                - name: kafka-tls
                  mountPath: /run/secrets/tmws/kafka-tls
                  readOnly: true
                {{- end }}
                {{- if $kafka.sasl.mechanism }}
                - name: kafka-password
                  mountPath: /run/secrets/tmws/kafka-password
                  readOnly: true
                {{- end }}
                {{- range $i, $_ := $backup.configMaps }}
                - name: included-{{ $i }}
                  mountPath: /etc/tmws/included/{{ $i }}
                  readOnly: true
                {{- end }}
                - name: tmp
                  mountPath: /tmp
          volumes:
            - name: backups
              persistentVolumeClaim:
                claimName: {{ $backup.existingClaim }}
            - name: key
              secret:
                secretName: {{ $backup.keySecret }}
                defaultMode: 288
                items:
                  - key: backup.key
                    path: backup.key
            - name: database
              secret:
                secretName: {{ .Values.global.database.existingSecret }}
                defaultMode: 288
                items:
                  - key: {{ .Values.global.database.urlKey }}
                    path: url
            {{- if and $kafka.tls.enabled $kafka.tls.existingSecret }}
            - name: kafka-tls
              secret:
                secretName: {{ $kafka.tls.existingSecret }}
                defaultMode: 288
            {{- end }}
            {{- if $kafka.sasl.mechanism }}
            - name: kafka-password
              secret:
                secretName: {{ $kafka.sasl.existingSecret }}
                defaultMode: 288
            {{- end }}
            {{- range $i, $configMap := $backup.configMaps }}
            - name: included-{{ $i }}
              configMap:
                name: {{ $configMap }}
            {{- end }}
            - name: tmp
              emptyDir:
                sizeLimit: 64Mi
{{- include "tmws.backupNetworkPolicy" . }}
{{- end }}
{{- end }}

{{- define "tmws.backupLabels" -}}
app.kubernetes.io/name: tmws-backup
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: backup
app.kubernetes.io/part-of: tmws
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ include "tmws.chartLabel" . }}
{{- end }}

{{- define "tmws.backupNetworkPolicy" -}}
{{- if .Values.global.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Release.Name }}-backup
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.backupLabels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: tmws-backup
      app.kubernetes.io/instance: {{ .Release.Name }}
  policyTypes: [Ingress, Egress]
  ingress: []
  egress:
    {{- $needs := dict "dependencies" (dict "kafka" true "database" true "redis" false) }}
    {{- include "tmws.egressToServers" (dict "Release" .Release "Values" (merge $needs (pick .Values "global"))) | trim | nindent 4 }}
{{- end }}
{{- end }}
