{{/* Bytes of a quantity: 512Mi, 1Gi, 500M, 1073741824. */}}
{{- define "tmws.bytes" -}}
{{- $text := include "tmws.settingText" . -}}
{{- $units := dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "" 1 -}}
{{- $number := regexFind "^[0-9]+([.][0-9]+)?" $text -}}
{{- $unit := trimPrefix $number $text -}}
{{- if or (not $number) (not (hasKey $units $unit)) }}{{ fail (printf "resources.limits.memory is %q; write it like 512Mi or 1Gi" $text) }}{{ end -}}
{{- mulf (float64 $number) (float64 (get $units $unit)) | int64 -}}
{{- end }}

{{/*
What follows from the memory limit, as name to text: the main thread's heap, and the settings of `memory.shares`.
Without a limit Node's own defaults hold.
*/}}
{{- define "tmws.memoryEnv" -}}
{{- $env := dict -}}
{{- $limit := dig "limits" "memory" "" (.Values.resources | default dict) -}}
{{- $flags := list -}}
{{- if $limit -}}
{{- $bytes := include "tmws.bytes" $limit | int64 -}}
{{- $flags = append $flags (printf "--max-old-space-size=%d" (div (mul $bytes (int64 .Values.memory.heapPercent)) 104857600)) -}}
{{- range $name, $share := .Values.memory.shares -}}
{{- $of := div (mul $bytes (int64 $share.percent)) 100 -}}
{{- $_ := set $env $name (printf "%d" (ternary (div $of 1048576) $of (eq $share.unit "MiB"))) -}}
{{- end -}}
{{- end -}}
{{- with .Values.nodeOptions }}{{ $flags = append $flags . }}{{ end -}}
{{- with $flags }}{{ $_ := set $env "NODE_OPTIONS" (join " " .) }}{{ end -}}
{{- toJson $env -}}
{{- end }}
