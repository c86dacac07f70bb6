{{/*
`helm test`: a Pod that asks through the gateway whether all of it works (`tmws admin check`: the way in, alerting over gRPC, an event in
by Kafka whose execution can be read out of the database). Ends with 0 or says what does not.
*/}}
{{- define "tmws.test" -}}
{{- if .Values.test.enabled }}
{{- $tag := .Values.test.image.tag | default (include "tmws.tag" .) }}
---
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "tmws.fullname" . }}-test
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.besideLabels" (list . "test") | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
    sidecar.istio.io/inject: 'false'
    linkerd.io/inject: disabled
spec:
  restartPolicy: Never
  activeDeadlineSeconds: {{ .Values.test.activeDeadlineSeconds }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with include "tmws.pullSecrets" . | trim }}{{ nindent 2 . }}{{ end }}
  securityContext:
    {{- include "tmws.withoutNulls" .Values.podSecurityContext | nindent 4 }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: check
      image: {{ include "tmws.imageOf" (list . .Values.test.image.repository .Values.test.image.digest $tag) | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [admin, check, --api-key-file, /run/secrets/tmws/auth/admin-key]
      securityContext:
        {{- include "tmws.withoutNulls" .Values.securityContext | nindent 8 }}
      env:
        - name: TMWS_SERVER
          value: http://{{ include "tmws.fullname" . }}:{{ .Values.ports.http.port }}
      {{- with .Values.test.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: auth
          mountPath: /run/secrets/tmws/auth
          readOnly: true
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: auth
      secret:
        secretName: {{ include "tmws.authSecret" . }}
        defaultMode: 288
        items:
          - key: {{ .Values.global.auth.adminKeyKey }}
            path: admin-key
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
{{- include "tmws.testNetworkPolicy" . }}
{{- end }}
{{- end }}

{{/* No hook: it goes with the release, whatever became of the test. */}}
{{- define "tmws.testNetworkPolicy" -}}
{{- if .Values.global.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "tmws.fullname" . }}-test
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.besideLabels" (list . "test") | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "tmws.podsOf" (list . (printf "%s-test" .Chart.Name)) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress: []
  egress:
    {{- include "tmws.egressToDns" . | trim | nindent 4 }}
    - to:
        - podSelector:
            matchLabels:
              {{- include "tmws.selectorLabels" . | nindent 14 }}
      ports:
        - port: {{ .Values.ports.http.port }}
          protocol: TCP
{{- end }}
{{- end }}
