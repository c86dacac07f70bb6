import type { Row } from '../dashboard.ts';

export const alertingRows: readonly Row[] = [
  {
    title: 'Telling',
    panels: [
      {
        title: 'From an event to a person',
        description: 'Time until somebody was told, p50 and p99. Five minutes is the promise.',
        unit: 's',
        queries: {
          'p99 {{severity}}':
            'histogram_quantile(0.99, sum by (severity, le) (rate(tmws_alerting_delivery_seconds_bucket{$own}[1h])))',
          'p50 {{severity}}':
            'histogram_quantile(0.5, sum by (severity, le) (rate(tmws_alerting_delivery_seconds_bucket{$own}[1h])))',
        },
      },
      {
        title: 'Late',
        description: 'Alerts told later than five minutes, in an hour. Any of severity critical wakes somebody.',
        unit: 'none',
        queries: { '{{severity}}': 'sum by (severity) (increase(tmws_alerting_deliveries_late_total{$own}[1h]))' },
      },
      {
        title: 'Attempts',
        description: 'Messages given to receivers, by what came of it. dead: nobody was told.',
        unit: 'none',
        queries: {
          '{{receiver}} {{integration}} {{result}}':
            'sum by (receiver, integration, result) (increase(tmws_alerting_notification_attempts_total{$own}[5m]))',
        },
      },
      {
        title: 'Receivers left alone',
        description: '1: it failed too often in a row and is tried now and then.',
        unit: 'bool_yes_no',
        kind: 'stat',
        queries: { '{{receiver}} {{integration}}': 'max by (receiver, integration) (tmws_alerting_circuit_open{$own})' },
      },
      {
        title: 'Alerts',
        description: 'Alerts that are known, by state, and silences.',
        unit: 'none',
        queries: {
          '{{state}}': 'max by (state) (tmws_alerting_alerts{$own})',
          'silences {{state}}': 'max by (state) (alertmanager_silences{$own})',
        },
      },
      {
        title: 'Alerts that arrive',
        description: 'By Alertmanager API, a second; invalid ones are seen by nobody.',
        unit: 'ops',
        queries: {
          '{{status}}': 'sum by (status) (rate(alertmanager_alerts_received_total{$own}[5m]))',
          invalid: 'sum(rate(alertmanager_alerts_invalid_total{$own}[5m]))',
        },
      },
    ],
  },
  {
    title: 'Rules',
    panels: [
      {
        title: 'Rules',
        description: 'Rules that run, by kind, and those that are faulty and do not.',
        unit: 'none',
        queries: {
          '{{kind}}': 'max by (kind) (tmws_alerting_rules{$own})',
          refused: 'max(tmws_alerting_rules_refused{$own})',
        },
      },
      {
        title: 'Events and hits',
        description: 'Events that rules have seen a second, by type, and what they hit.',
        unit: 'ops',
        queries: {
          '{{type}}': 'sum by (type) (rate(tmws_alerting_events_total{$own}[5m]))',
          'hits {{kind}}': 'sum by (kind) (rate(tmws_alerting_rule_hits_total{$own}[5m]))',
        },
      },
      {
        title: 'What rules missed',
        description: 'Events a rule failed on, could not count, or keys it forgot because there were too many.',
        unit: 'none',
        queries: {
          'failed {{rule}}': 'sum by (rule) (increase(tmws_alerting_rule_failures_total{$own}[15m]))',
          'lost {{rule}}': 'sum by (rule) (increase(tmws_alerting_rule_events_lost_total{$own}[15m]))',
          'forgotten {{rule}}': 'sum by (rule) (increase(tmws_alerting_rule_keys_dropped_total{$own}[15m]))',
        },
      },
    ],
  },
];
