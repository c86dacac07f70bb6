import type { Row } from '../dashboard.ts';

export const timelineRows: readonly Row[] = [
  {
    title: 'What engines send',
    panels: [
      {
        title: 'OTLP',
        description: 'Spans, log records and metrics a second, taken and refused.',
        unit: 'ops',
        queries: { '{{signal}} {{outcome}}': 'sum by (signal, outcome) (rate(tmws_otlp_items_total{$own}[5m]))' },
      },
      {
        title: 'Events stored',
        description: 'Events of tmws.workflow in the read model a second.',
        unit: 'ops',
        queries: { '{{topic}}': 'sum by (topic) (rate(tmws_kafka_consumed_total{$own}[5m]))' },
      },
      {
        title: 'OTLP over HTTP',
        description: 'Requests a second, by status. 429 and 503 make a sender wait and send again.',
        unit: 'reqps',
        queries: {
          '{{status}}': 'sum by (status) (rate(tmws_http_server_seconds_count{$own,route!~"/(healthz|readyz|metrics)"}[5m]))',
        },
      },
    ],
  },
];
