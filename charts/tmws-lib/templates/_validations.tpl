{{/* Values that contradict each other, or lack what nothing runs without: the render stops and says the remedy, all of them at once. */}}
{{- define "tmws.validations" -}}
{{- $faults := concat (include "tmws.missing" . | fromJsonArray) (include "tmws.contradictions" . | fromJsonArray) (include "tmws.misplacedSettings" . | fromJsonArray) -}}
{{- with $faults -}}
{{- fail (printf "\n\n%s cannot be rendered:\n  - %s\n" $.Chart.Name (join "\n  - " .)) -}}
{{- end -}}
{{- end }}

{{- define "tmws.missing" -}}
{{- $faults := list -}}
{{- $global := .Values.global -}}
{{- if and .Values.dependencies.kafka (not $global.kafka.brokers) -}}
{{- $faults = append $faults "global.kafka.brokers is empty: set it to host:port,host:port of your Kafka (charts/tmws-deps brings one to try with: deps-kafka:9092)" -}}
{{- end -}}
{{- if and .Values.dependencies.database (not $global.database.existingSecret) -}}
{{- $faults = append $faults (printf "global.database.existingSecret is empty: kubectl create secret generic tmws-database --from-literal=%s=postgres://user:password@host:5432/tmws, and set it to tmws-database" $global.database.urlKey) -}}
{{- end -}}
{{- if and .Values.dependencies.redis (not $global.redis.existingSecret) -}}
{{- $faults = append $faults "global.redis.existingSecret is empty: set it to a Secret with the address of Redis" -}}
{{- end -}}
{{- with $global.kafka.sasl -}}
{{- if and .mechanism (not (has .mechanism (list "plain" "scram-sha-256" "scram-sha-512"))) -}}
{{- $faults = append $faults (printf "global.kafka.sasl.mechanism is %q: plain, scram-sha-256 or scram-sha-512" .mechanism) -}}
{{- end -}}
{{- if and .mechanism (not (and .username .existingSecret)) -}}
{{- $faults = append $faults "global.kafka.sasl.mechanism is set, so who signs in is needed too: global.kafka.sasl.username, and global.kafka.sasl.existingSecret with the password" -}}
{{- end -}}
{{- end -}}
{{- with $global.kafka.tls -}}
{{- if and (or .certKey .keyKey) (not (and .certKey .keyKey .existingSecret)) -}}
{{- $faults = append $faults "a certificate for Kafka needs all of global.kafka.tls.existingSecret, certKey and keyKey" -}}
{{- end -}}
{{- end -}}
{{- if and .Chart.IsRoot (not .Values.dependencies.adminKey) (not $global.auth.existingSecret) -}}
{{- $faults = append $faults "global.auth.existingSecret is empty: installed without charts/tmws, a service needs the Secret of the gateway's release (RELEASE-auth)" -}}
{{- end -}}
{{- toJson $faults -}}
{{- end }}

{{- define "tmws.contradictions" -}}
{{- $faults := list -}}
{{- $v := .Values -}}
{{- if and $v.autoscaling.enabled $v.keda.enabled -}}
{{- $faults = append $faults "autoscaling.enabled and keda.enabled are both true, and would scale against each other: set one to false" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- $faults = append $faults (printf "autoscaling.minReplicas (%d) is more than autoscaling.maxReplicas (%d)" (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if $v.keda.enabled -}}
{{- if not (and $v.keda.consumerGroup $v.keda.topics) -}}
{{- $faults = append $faults (printf "keda.enabled is true and %s has no consumer group whose lag could count: use autoscaling, or set keda.consumerGroup and keda.topics" .Chart.Name) -}}
{{- end -}}
{{- if gt (int $v.keda.maxReplicaCount) (int $v.keda.partitions) -}}
{{- $faults = append $faults (printf "keda.maxReplicaCount (%d) is more than keda.partitions (%d): further pods would have nothing to read" (int $v.keda.maxReplicaCount) (int $v.keda.partitions)) -}}
{{- end -}}
{{- if gt (int $v.keda.minReplicaCount) (int $v.keda.maxReplicaCount) -}}
{{- $faults = append $faults (printf "keda.minReplicaCount (%d) is more than keda.maxReplicaCount (%d)" (int $v.keda.minReplicaCount) (int $v.keda.maxReplicaCount)) -}}
{{- end -}}
{{- end -}}
{{- if not (has $v.migrations.mode (list "hook" "job" "none")) -}}
{{- $faults = append $faults (printf "migrations.mode is %q: hook, job or none" $v.migrations.mode) -}}
{{- end -}}
{{- $stopping := add (int $v.drain.delaySeconds) (int $v.drain.stopBudgetSeconds) -}}
{{- if le (int64 $v.terminationGracePeriodSeconds) $stopping -}}
{{- $faults = append $faults (printf "terminationGracePeriodSeconds (%d) must be more than drain.delaySeconds + drain.stopBudgetSeconds (%d), or pods are killed while they stop" (int $v.terminationGracePeriodSeconds) $stopping) -}}
{{- end -}}
{{- range $kind, $probe := $v.probes -}}
{{- if and (eq $probe.kind "grpc") (not (hasKey $v.ports "grpc")) -}}
{{- $faults = append $faults (printf "probes.%s.kind is grpc, and there is no port named grpc: use http" $kind) -}}
{{- end -}}
{{- end -}}
{{- $heaps := int $v.memory.heapPercent -}}
{{- range $v.memory.shares }}{{ $heaps = add $heaps (int .percent) }}{{ end -}}
{{- if gt $heaps 90 -}}
{{- $faults = append $faults (printf "memory.heapPercent and memory.shares add up to %d %% of the memory limit: at most 90, the rest is Node's own" $heaps) -}}
{{- end -}}
{{- if not (has $v.global.mesh.provider (list "none" "istio" "linkerd")) -}}
{{- $faults = append $faults (printf "global.mesh.provider is %q: none, istio or linkerd" $v.global.mesh.provider) -}}
{{- end -}}
{{- toJson $faults -}}
{{- end }}

{{/* Settings in `env` that have a place of their own: the rest of the chart must know them, or they are secret. */}}
{{- define "tmws.misplacedSettings" -}}
{{- $faults := list -}}
{{- $places := dict
  "TMWS_DRAIN_DELAY" "drain.delaySeconds"
  "TMWS_STOP_BUDGET" "drain.stopBudgetSeconds"
  "TMWS_MIGRATE" "migrations.mode"
  "TMWS_MIGRATE_CONTRACT" "migrations.contract"
  "TMWS_KAFKA_BROKERS" "global.kafka.brokers"
  "TMWS_KAFKA_PASSWORD" "global.kafka.sasl.existingSecret"
  "TMWS_DATABASE_URL" "global.database.existingSecret"
  "TMWS_REDIS_URL" "global.redis.existingSecret"
  "TMWS_ADMIN_KEY" "global.auth.existingSecret"
  "TMWS_SERVICE_TOKEN" "global.auth.existingSecret"
  "NODE_OPTIONS" "nodeOptions"
-}}
{{- range $name, $_ := .Values.env -}}
{{- if hasKey $places $name -}}
{{- $faults = append $faults (printf "env.%s has a place of its own: set %s" $name (get $places $name)) -}}
{{- else if regexMatch "^TMWS_[A-Z_]+_PORT$" $name -}}
{{- $faults = append $faults (printf "env.%s: containers have addresses of their own, so ports stay as they are; map them at a Service or a route" $name) -}}
{{- else if hasKey $.Values.secrets.keys $name -}}
{{- $faults = append $faults (printf "env.%s is a secret: put it into a Secret, and set secrets.existingSecret and secrets.keys.%s" $name $name) -}}
{{- end -}}
{{- end -}}
{{- toJson $faults -}}
{{- end }}
