{{/* How many pods there are at least: what a drain may count on. */}}
{{- define "tmws.floor" -}}
{{- if .Values.autoscaling.enabled }}{{ int .Values.autoscaling.minReplicas -}}
{{- else if .Values.keda.enabled }}{{ int .Values.keda.minReplicaCount -}}
{{- else }}{{ int .Values.replicas }}{{ end -}}
{{- end }}

{{/* With one pod it would hold every drain for ever. A pod that is not ready never holds one (AlwaysAllow, Kubernetes 1.27). */}}
{{- define "tmws.pdb" -}}
{{- if and .Values.pdb.enabled (ge (include "tmws.floor" . | int) 2) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "tmws.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tmws.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .Values.pdb.maxUnavailable }}
  {{- if semverCompare ">=1.27-0" .Capabilities.KubeVersion.Version }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  {{- end }}
  selector:
    matchLabels:
      {{- include "tmws.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end }}
