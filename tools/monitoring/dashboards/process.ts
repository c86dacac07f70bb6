import type { Panel, Row } from '../dashboard.ts';

/** What every service has. */
export const processRow: Row = {
  title: 'Process',
  panels: [
    {
      title: 'Pods that take calls',
      description: 'Pods whose listeners are open. One that waits for its schema is not ready.',
      unit: 'none',
      queries: { '{{job}} ready': 'sum by (job) (tmws_ready{$own})', '{{job}} scraped': 'sum by (job) (up{$own})' },
    },
    {
      title: 'CPU',
      description: 'Cores used by each pod. The autoscaler looks at the same against the request.',
      unit: 'short',
      queries: { '{{job}} {{pod}}': 'rate(process_cpu_seconds_total{$own}[5m])' },
    },
    {
      title: 'Memory and heap',
      description: 'Resident memory, and the heap against its limit. A heap above 90 % is an alert.',
      unit: 'bytes',
      queries: {
        '{{pod}} resident': 'process_resident_memory_bytes{$own}',
        '{{pod}} heap': 'nodejs_heap_size_used_bytes{$own}',
        'heap limit': 'max(tmws_heap_limit_bytes{$own})',
      },
    },
    {
      title: 'Event loop',
      description: 'How late the event loop is, 99th percentile. Everything waits so long; half a second is an alert.',
      unit: 's',
      queries: { '{{pod}}': 'nodejs_eventloop_lag_p99_seconds{$own}' },
    },
    {
      title: 'Restarts',
      description: 'Starts of a process within half an hour. Three are an alert.',
      unit: 'none',
      queries: { '{{pod}}': 'changes(process_start_time_seconds{$own}[30m])' },
    },
    {
      title: 'Open files',
      description: 'File descriptors against their limit: connections and streams.',
      unit: 'percentunit',
      queries: { '{{pod}}': 'process_open_fds{$own} / process_max_fds{$own}' },
    },
  ],
};

export const databaseRow: Row = {
  title: 'Postgres and outbox',
  panels: [
    {
      title: 'Round trips',
      description: 'Queries and transactions a second.',
      unit: 'ops',
      queries: { '{{job}} {{op}}': 'sum by (job, op) (rate(tmws_postgres_seconds_count{$own}[5m]))' },
    },
    {
      title: 'Time of a round trip, p99',
      description: 'How long one of a hundred takes. A transaction has its work in it.',
      unit: 's',
      queries: {
        '{{job}} {{op}}': 'histogram_quantile(0.99, sum by (job, op, le) (rate(tmws_postgres_seconds_bucket{$own}[5m])))',
      },
    },
    {
      title: 'Failures',
      description: 'Round trips that failed, by kind. unavailable and timeout are the server; the others are refused by it.',
      unit: 'ops',
      queries: { '{{job}} {{kind}}': 'sum by (job, kind) (rate(tmws_postgres_failures_total{$own}[5m]))' },
    },
    {
      title: 'Connections',
      description: 'Busy connections of each pod against how many there may be.',
      unit: 'none',
      queries: {
        '{{pod}} busy': 'tmws_postgres_pool_connections{$own,state="busy"}',
        'may be': 'max(tmws_postgres_pool_max_connections{$own})',
      },
    },
    {
      title: 'Waiting for a connection',
      description: 'Who waits because all connections are busy. Always above 0 for five minutes is an alert.',
      unit: 'none',
      queries: { '{{pod}}': 'tmws_postgres_pool_waiting{$own}' },
    },
    {
      title: 'Outbox',
      description: 'Events that are stored and not in Kafka yet. It empties within a second where all is well.',
      unit: 'none',
      queries: {
        '{{schema}} waiting': 'max by (schema) (tmws_outbox_records{$own})',
        '{{schema}} failures in 5m': 'sum by (schema) (increase(tmws_outbox_failures_total{$own}[5m]))',
      },
    },
  ],
};

export const kafkaRow: Row = {
  title: 'Kafka',
  panels: [
    {
      title: 'Lag',
      description: 'Events of a topic that are not stored yet, all partitions together.',
      unit: 'none',
      queries: { '{{group}} {{topic}}': 'sum by (group, topic) (tmws_kafka_lag_records{$own})' },
    },
    {
      title: 'Taken',
      description: 'Events stored a second.',
      unit: 'ops',
      queries: { '{{group}} {{topic}}': 'sum by (group, topic) (rate(tmws_kafka_consumed_total{$own}[5m]))' },
    },
    {
      title: 'Dead letters',
      description: 'Events that could not be taken and wait in the topic with .dlq, by reason.',
      unit: 'none',
      queries: { '{{topic}} {{kind}}': 'sum by (topic, kind) (increase(tmws_events_refused_total{$own}[15m]))' },
    },
    {
      title: 'Published',
      description: 'Records the broker has taken a second.',
      unit: 'ops',
      queries: { '{{job}} {{topic}}': 'sum by (job, topic) (rate(tmws_kafka_published_total{$own}[5m]))' },
    },
  ],
};

export const grpcPanels: readonly Panel[] = [
  {
    title: 'gRPC calls',
    description: 'Calls that ended a second, by method.',
    unit: 'reqps',
    queries: { '{{method}}': 'sum by (method) (rate(tmws_grpc_server_seconds_count{$own}[5m]))' },
  },
  {
    title: 'gRPC failures',
    description:
      'Calls a second that ended with another status than OK, by its number (14: UNAVAILABLE, 4: DEADLINE_EXCEEDED, 13: INTERNAL).',
    unit: 'reqps',
    queries: { '{{method}} {{code}}': 'sum by (method, code) (rate(tmws_grpc_server_seconds_count{$own,code!="0"}[5m]))' },
  },
  {
    title: 'gRPC time, p99',
    description: 'How long one of a hundred calls takes. Watching streams live as long as who watches.',
    unit: 's',
    queries: {
      '{{method}}':
        'histogram_quantile(0.99, sum by (method, le) (rate(tmws_grpc_server_seconds_bucket{$own,method!~".*/Watch.*"}[5m])))',
    },
  },
];
