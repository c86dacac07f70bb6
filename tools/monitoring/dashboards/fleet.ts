import type { Row } from '../dashboard.ts';
import { databaseRow, kafkaRow, processRow } from './process.ts';

/** The whole fleet on one page: is it there, does it keep up, does anybody wait. */
export const fleetRows: readonly Row[] = [
  {
    title: 'Is all well',
    panels: [
      {
        title: 'Alerts that fire',
        description: 'Alerts of these charts, by name.',
        unit: 'none',
        kind: 'bargauge',
        width: 12,
        queries: { '{{alertname}} {{job}}': 'count by (alertname, job) (ALERTS{$own,alertstate="firing"})' },
      },
      {
        title: 'Requests that fail',
        description: 'Share of HTTP requests with 5xx, and of gRPC calls that fail through no fault of the caller.',
        unit: 'percentunit',
        width: 12,
        queries: {
          'HTTP {{job}}':
            'sum by (job) (rate(tmws_http_server_seconds_count{$own,status=~"5.."}[5m])) / sum by (job) (rate(tmws_http_server_seconds_count{$own}[5m]))',
          'gRPC {{job}}':
            'sum by (job) (rate(tmws_grpc_server_seconds_count{$own,code=~"2|4|13|14|15"}[5m])) / sum by (job) (rate(tmws_grpc_server_seconds_count{$own}[5m]))',
        },
      },
    ],
  },
  kafkaRow,
  processRow,
  databaseRow,
];
