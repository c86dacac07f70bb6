{{/* Egress to what the user runs: DNS, Kafka, Postgres, Redis, the collector of traces. A migration Job needs no more. */}}
{{- define "tmws.egressToServers" -}}
{{- include "tmws.egressToDns" . }}
{{- $ := . }}
{{- $policy := .Values.global.networkPolicy }}
{{- if .Values.dependencies.kafka }}
{{- $rules := list }}
{{- range splitList "," (.Values.global.kafka.brokers | nospace) }}
{{- $rules = append $rules (include "tmws.egressToHost" (list $ . $policy.kafka.to)) }}
{{- end }}
{{- join "" (uniq $rules) }}
{{- end }}
{{- if .Values.dependencies.database }}
{{- include "tmws.egressTo" (list $ $policy.database.to .Values.global.database.port) }}
{{- end }}
{{- if and .Values.dependencies.redis .Values.global.redis.existingSecret }}
{{- include "tmws.egressTo" (list $ $policy.redis.to .Values.global.redis.port) }}
{{- end }}
{{- with .Values.global.otlp.endpoint }}
{{- $url := urlParse . }}
{{- $host := ternary $url.host (printf "%s:%s" $url.host (ternary "443" "80" (eq $url.scheme "https"))) (contains ":" $url.host) }}
{{- include "tmws.egressToHost" (list $ $host list) }}
{{- end }}
{{- end }}

{{- define "tmws.egressToDns" }}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
    {{- range .Values.global.networkPolicy.dns.cidrs }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}

{{/* (list . peers port): those peers, or anywhere. */}}
{{- define "tmws.egressTo" }}
- to:
    {{- if index . 1 }}
    {{- toYaml (index . 1) | nindent 4 }}
    {{- else }}
    {{- include "tmws.anywhere" (index . 0) | nindent 4 }}
    {{- end }}
  ports:
    - port: {{ index . 2 }}
      protocol: TCP
{{- end }}

{{/*
(list . "host:port" peers): those peers, or what the name says: a name without a dot is of this namespace, NAME.NAMESPACE.svc of that
one, an address is itself, any other name may be anywhere.
*/}}
{{- define "tmws.egressToHost" -}}
{{- $ := index . 0 -}}
{{- $port := regexFind "[0-9]+$" (index . 1) -}}
{{- $host := index . 1 | trimSuffix (printf ":%s" $port) -}}
{{- $peers := index . 2 -}}
{{- if not $peers -}}
{{- $parts := splitList "." $host -}}
{{- if regexMatch "^[0-9]+([.][0-9]+){3}$" $host -}}
{{- $peers = list (dict "ipBlock" (dict "cidr" (printf "%s/32" $host))) -}}
{{- else if and (eq (len $parts) 1) (not (contains ":" $host)) -}}
{{- $peers = list (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" $.Release.Namespace))) -}}
{{- else if and (ge (len $parts) 3) (eq (index $parts 2) "svc") -}}
{{- $peers = list (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" (index $parts 1)))) -}}
{{- else if and (ge (len $parts) 4) (eq (index $parts 3) "svc") -}}
{{- $peers = list (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" (index $parts 2)))) -}}
{{- end -}}
{{- end -}}
{{- include "tmws.egressTo" (list $ $peers $port) -}}
{{- end }}

{{/* Every pod, and every address but those where nodes and clouds keep credentials. */}}
{{- define "tmws.anywhere" -}}
{{- $four := list -}}
{{- $six := list -}}
{{- range .Values.global.networkPolicy.forbidden -}}
{{- if contains ":" . }}{{ $six = append $six . }}{{ else }}{{ $four = append $four . }}{{ end -}}
{{- end -}}
- namespaceSelector: {}
- ipBlock:
    cidr: 0.0.0.0/0
    {{- with $four }}
    except: {{ toJson . }}
    {{- end }}
- ipBlock:
    cidr: ::/0
    {{- with $six }}
    except: {{ toJson . }}
    {{- end }}
{{- end }}
