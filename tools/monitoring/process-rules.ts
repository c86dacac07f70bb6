// Alerts of what every service has: its process, its database, its outbox, its consumer, its gRPC calls. One file a service, so
// that each chart is whole by itself; `node tools/monitoring/generate.ts` writes them.

/** What of a service decides which of them it has. */
export interface MonitoredService {
  readonly name: string;
  /** It reads topics. */
  readonly consumes: boolean;
}

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  readonly description: string;
  /** A heading of docs/runbook.md. */
  readonly runbook: string;
}

const by = 'namespace, release, job';

/** The text of charts/NAME/rules/process.yaml. Every selector names the job, by which the chart narrows it to its release. */
export function processRules({ name, consumes }: MonitoredService): string {
  const job = `job="tmws-${name}"`;
  const alerts = [...processAlerts(name, job), ...databaseAlerts(name, job), ...(consumes ? consumerAlerts(name, job) : [])];
  return [
    '# Made by `node tools/monitoring/generate.ts`; a test holds it to tools/monitoring/process-rules.ts.',
    'groups:',
    `  - name: tmws-${name}-process`,
    '    rules:',
    ...alerts.flatMap(ruleLines),
    '',
  ].join('\n');
}

function ruleLines({ alert, expr, for: held, severity, summary, description, runbook }: Alert): string[] {
  return [
    `      - alert: ${alert}`,
    `        expr: ${expr}`,
    `        for: ${held}`,
    '        labels:',
    `          severity: ${severity}`,
    '        annotations:',
    `          summary: '${summary}'`,
    `          description: '${description}'`,
    `          runbook_url: docs/runbook.md#${runbook}`,
  ];
}

function processAlerts(name: string, job: string): Alert[] {
  return [
    {
      alert: 'TmwsServiceDown',
      expr: `absent(up{${job}} == 1)`,
      for: '1m',
      severity: 'critical',
      summary: `no ${name} answers`,
      description: 'No pod of it was scraped for a minute: all are down, or Prometheus cannot reach the admin port.',
      runbook: 'a-service-is-down',
    },
    {
      alert: 'TmwsNotReady',
      expr: `tmws_ready{${job}} == 0`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.pod }} is alive and takes no calls',
      description: `A pod of ${name} waits for five minutes: for its schema, its topics, or who may come in.`,
      runbook: 'a-pod-is-not-ready',
    },
    {
      alert: 'TmwsRestarting',
      expr: `changes(process_start_time_seconds{${job}}[30m]) >= 3`,
      for: '0m',
      severity: 'warning',
      summary: '{{ $labels.pod }} started {{ $value }} times in half an hour',
      description: `A process of ${name} ends again and again; its last log line or the state of its container says why.`,
      runbook: 'a-pod-restarts',
    },
    {
      alert: 'TmwsEventLoopBlocked',
      expr: `nodejs_eventloop_lag_p99_seconds{${job}} > 0.5`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.pod }} is too busy: its event loop is late by {{ $value | humanizeDuration }}',
      description: `Everything ${name} does waits so long. It lacks CPU, or one request is too large.`,
      runbook: 'a-pod-is-slow',
    },
    {
      alert: 'TmwsHeapNearLimit',
      expr: `nodejs_heap_size_used_bytes{${job}} / tmws_heap_limit_bytes{${job}} > 0.9`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its heap',
      description: `A process of ${name} will end when its heap is full. Give it more memory, or find what grows.`,
      runbook: 'a-pod-is-slow',
    },
    {
      alert: 'TmwsFilesNearLimit',
      expr: `process_open_fds{${job}} / process_max_fds{${job}} > 0.8`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.pod }} has {{ $value | humanizePercentage }} of its file descriptors open',
      description: `A process of ${name} will refuse connections when there are none left.`,
      runbook: 'a-pod-is-slow',
    },
    {
      alert: 'TmwsGrpcFailing',
      expr:
        `sum by (${by}, method) (rate(tmws_grpc_server_seconds_count{${job},code=~"2|4|13|14|15"}[5m]))` +
        ` / sum by (${by}, method) (rate(tmws_grpc_server_seconds_count{${job}}[5m])) > 0.05` +
        ` and sum by (${by}, method) (increase(tmws_grpc_server_seconds_count{${job}}[5m])) > 20`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $value | humanizePercentage }} of {{ $labels.method }} fail',
      description: `Calls of ${name} end with UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE or DATA_LOSS.`,
      runbook: 'calls-fail-or-are-slow',
    },
  ];
}

function databaseAlerts(name: string, job: string): Alert[] {
  return [
    {
      alert: 'TmwsDatabaseFailing',
      expr: `sum by (${by}) (rate(tmws_postgres_failures_total{${job},kind=~"unavailable|timeout"}[5m])) > 0.1`,
      for: '5m',
      severity: 'critical',
      summary: `Postgres does not answer ${name}`,
      description: '{{ $value | humanize }} round trips a second fail because Postgres is away, full or too slow.',
      runbook: 'postgres-is-away',
    },
    {
      alert: 'TmwsDatabasePoolExhausted',
      expr: `min_over_time(tmws_postgres_pool_waiting{${job}}[5m]) > 0`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.pod }} always has somebody waiting for a connection to Postgres',
      description: `All connections of ${name} are busy: statements are slow, or TMWS_DATABASE_CONNECTIONS is too small.`,
      runbook: 'postgres-is-slow-or-its-connections-are-used-up',
    },
    {
      alert: 'TmwsDatabaseSlow',
      expr: `histogram_quantile(0.99, sum by (${by}, le) (rate(tmws_postgres_seconds_bucket{${job},op="query"}[5m]))) > 1`,
      for: '15m',
      severity: 'warning',
      summary: `one of a hundred queries of ${name} takes longer than {{ $value | humanizeDuration }}`,
      description: 'Postgres is slow for it: load, locks, a missing vacuum, or a question over too much.',
      runbook: 'postgres-is-slow-or-its-connections-are-used-up',
    },
    {
      alert: 'TmwsOutboxStuck',
      expr: `sum by (${by}, schema) (rate(tmws_outbox_failures_total{${job}}[5m])) > 0 and max by (${by}, schema) (tmws_outbox_records{${job}}) > 0`,
      for: '10m',
      severity: 'critical',
      summary: `events of ${name} do not reach Kafka`,
      description:
        'The outbox of {{ $labels.schema }} fails to be sent for ten minutes. Nothing is lost; others hear of it late.',
      runbook: 'the-outbox-grows',
    },
    {
      alert: 'TmwsOutboxBacklog',
      expr: `max by (${by}, schema) (tmws_outbox_records{${job}}) > 10000`,
      for: '15m',
      severity: 'warning',
      summary: '{{ $value | humanize }} events of {{ $labels.schema }} wait for Kafka',
      description: `${name} makes events faster than Kafka takes them.`,
      runbook: 'the-outbox-grows',
    },
    {
      alert: 'TmwsSchemaBehind',
      expr: `max by (${by}, schema) (tmws_schema_missing_steps{${job}}) > 0`,
      for: '10m',
      severity: 'critical',
      summary: `${name} waits for {{ $value }} migrations of {{ $labels.schema }}`,
      description: 'Pods of this version do not serve until `migrate` of this version has run; look at its Job.',
      runbook: 'a-migration-is-missing',
    },
    {
      alert: 'TmwsVersionsDiffer',
      expr: `count by (${by}, schema) (count by (${by}, schema, newest) (tmws_migrations_info{${job}})) > 1`,
      for: '30m',
      severity: 'warning',
      summary: `pods of ${name} know different migrations of {{ $labels.schema }}`,
      description: 'A rollout did not end for half an hour: two versions serve side by side.',
      runbook: 'a-migration-is-missing',
    },
  ];
}

function consumerAlerts(name: string, job: string): Alert[] {
  const lag = `sum by (${by}, group, topic) (tmws_kafka_lag_records{${job}})`;
  return [
    {
      alert: 'TmwsConsumerStuck',
      expr: `(${lag} > 0) unless (sum by (${by}, group, topic) (increase(tmws_kafka_consumed_total{${job}}[10m])) > 0)`,
      for: '10m',
      severity: 'critical',
      summary: '{{ $labels.group }} takes nothing from {{ $labels.topic }}, and {{ $value | humanize }} events wait',
      description: `The consumer of ${name} stands: Postgres or Kafka does not answer it, or an event stops its partition.`,
      runbook: 'events-come-late-or-not-at-all',
    },
    {
      alert: 'TmwsConsumerLag',
      expr: `${lag} > 10000`,
      for: '15m',
      severity: 'warning',
      summary: '{{ $labels.group }} is {{ $value | humanize }} events of {{ $labels.topic }} behind',
      description: `${name} is slower than its producers. More pods help, up to the number of partitions.`,
      runbook: 'events-come-late-or-not-at-all',
    },
    {
      alert: 'TmwsEventsRefused',
      expr: appeared(`tmws_events_refused_total{${job}}`, 'topic, kind', 10),
      for: '0m',
      severity: 'warning',
      summary: '{{ $value | humanize }} events of {{ $labels.topic }} went to the dead letters in 15 minutes',
      description: `${name} could not take them ({{ $labels.kind }}). They wait in the topic with .dlq until somebody replays them.`,
      runbook: 'dead-letters-grow',
    },
  ];
}

/** More than `most` in 15 minutes. All of a series that was not there before: its `increase` begins at 0, whatever it began with. */
function appeared(series: string, labels: string, most: number): string {
  const since = `(${series} unless ${series} offset 15m) or increase(${series}[15m])`;
  return `sum by (${by}, ${labels}) (${since}) > ${most}`;
}
