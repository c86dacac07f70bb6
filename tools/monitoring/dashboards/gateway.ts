import type { Row } from '../dashboard.ts';

const asked = '$own,route!~"/(healthz|readyz|metrics)"';

export const gatewayRows: readonly Row[] = [
  {
    title: 'Promises',
    panels: [
      {
        title: 'Answered without 5xx, 24 hours',
        description: 'The promise is 99.9 %. Alerts go by how fast the month of errors is used up.',
        unit: 'percentunit',
        kind: 'stat',
        width: 6,
        queries: {
          answered: `1 - (sum(increase(tmws_http_server_seconds_count{${asked},status=~"5.."}[24h])) or vector(0)) / sum(increase(tmws_http_server_seconds_count{${asked}}[24h]))`,
        },
      },
      {
        title: 'Burn rate',
        description: 'Share of errors against the 0.1 % there may be. 14.4 over an hour, or 6 over six, wakes somebody.',
        unit: 'none',
        width: 9,
        queries: {
          '1 hour': 'max(tmws:gateway_http_errors:ratio_rate1h{$own}) / 0.001',
          '6 hours': 'max(tmws:gateway_http_errors:ratio_rate6h{$own}) / 0.001',
          '3 days': 'max(tmws:gateway_http_errors:ratio_rate3d{$own}) / 0.001',
        },
      },
      {
        title: 'Slower than a second',
        description: 'Share of requests that take longer, live streams left out. 5 % is an alert.',
        unit: 'percentunit',
        width: 9,
        queries: { 'of 30 minutes': 'max(tmws:gateway_http_slow:ratio_rate30m{$own})' },
      },
    ],
  },
  {
    title: 'HTTP',
    panels: [
      {
        title: 'Requests',
        description: 'Requests that ended a second, by route.',
        unit: 'reqps',
        queries: { '{{method}} {{route}}': `sum by (method, route) (rate(tmws_http_server_seconds_count{${asked}}[5m]))` },
      },
      {
        title: 'Statuses of 400 and above',
        description: 'What was refused (4xx) or failed (5xx) a second. 401 and 429 in numbers: somebody tries keys.',
        unit: 'reqps',
        queries: { '{{status}}': `sum by (status) (rate(tmws_http_server_seconds_count{${asked},status=~"[45].."}[5m]))` },
      },
      {
        title: 'Time, p99',
        description: 'How long one of a hundred requests takes, by route. Streams live as long as who watches.',
        unit: 's',
        queries: {
          '{{route}}': `histogram_quantile(0.99, sum by (route, le) (rate(tmws_http_server_seconds_bucket{${asked}}[5m])))`,
        },
      },
    ],
  },
];
