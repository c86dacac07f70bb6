// What makes each alert fire, and what of the same kind does not: series as promtool takes them, a sample a minute.

/** Series by their name and labels; `job`, `namespace` and `release` are put to them. */
export type Series = Readonly<Record<string, string>>;

export interface AlertCase {
  readonly service: string;
  readonly alert: string;
  readonly fires: Series;
  readonly quiet: Series;
  /** When it is looked at: 60 minutes after the beginning unless told; a multiple of half an hour. */
  readonly atMinutes?: number;
}

const http = (status: string, samples: string): Series => ({
  [`tmws_http_server_seconds_count{route="/api/v1/events",status="${status}"}`]: samples,
});
const grpc = (code: string, samples: string): Series => ({
  [`tmws_grpc_server_seconds_count{method="M",code="${code}"}`]: samples,
});
const long = '+0x6000';

/** What every service has, tried on `service`. */
const ofProcess = (service: string): AlertCase[] => {
  const one = (alert: string, fires: Series, quiet: Series, atMinutes?: number): AlertCase => ({
    ...{ service, alert, fires, quiet },
    ...(atMinutes !== undefined && { atMinutes }),
  });
  const pod = '{pod="a"}';
  return [
    one('TmwsServiceDown', { [`up${pod}`]: '0x100' }, { [`up${pod}`]: '0x100', 'up{pod="b"}': '1x100' }),
    one('TmwsNotReady', { [`tmws_ready${pod}`]: '0x100' }, { [`tmws_ready${pod}`]: '1x100' }),
    one(
      'TmwsRestarting',
      { [`process_start_time_seconds${pod}`]: '1+60x100' },
      { [`process_start_time_seconds${pod}`]: '1x50 2x50' },
    ),
    one(
      'TmwsEventLoopBlocked',
      { [`nodejs_eventloop_lag_p99_seconds${pod}`]: '0.8x100' },
      { [`nodejs_eventloop_lag_p99_seconds${pod}`]: '0.02x55 0.8x40' },
    ),
    one(
      'TmwsHeapNearLimit',
      { [`nodejs_heap_size_used_bytes${pod}`]: '95x100', [`tmws_heap_limit_bytes${pod}`]: '100x100' },
      { [`nodejs_heap_size_used_bytes${pod}`]: '60x100', [`tmws_heap_limit_bytes${pod}`]: '100x100' },
    ),
    one(
      'TmwsFilesNearLimit',
      { [`process_open_fds${pod}`]: '900x100', [`process_max_fds${pod}`]: '1000x100' },
      { [`process_open_fds${pod}`]: '90x100', [`process_max_fds${pod}`]: '1000x100' },
    ),
    one(
      'TmwsGrpcFailing',
      { ...grpc('0', '0+60x100'), ...grpc('14', '0+10x100') },
      { ...grpc('0', '0+60x100'), ...grpc('5', '0+60x100') },
    ),
    one(
      'TmwsDatabaseFailing',
      { 'tmws_postgres_failures_total{op="query",kind="unavailable"}': '0+60x100' },
      { 'tmws_postgres_failures_total{op="query",kind="other"}': '0+60x100' },
    ),
    one(
      'TmwsDatabasePoolExhausted',
      { [`tmws_postgres_pool_waiting${pod}`]: '3x100' },
      { [`tmws_postgres_pool_waiting${pod}`]: '3 0x100' },
    ),
    one(
      'TmwsDatabaseSlow',
      {
        'tmws_postgres_seconds_bucket{op="query",le="1"}': '0+10x100',
        'tmws_postgres_seconds_bucket{op="query",le="5"}': '0+60x100',
        'tmws_postgres_seconds_bucket{op="query",le="+Inf"}': '0+60x100',
      },
      {
        'tmws_postgres_seconds_bucket{op="query",le="1"}': '0+60x100',
        'tmws_postgres_seconds_bucket{op="query",le="+Inf"}': '0+60x100',
      },
    ),
    one(
      'TmwsOutboxStuck',
      { 'tmws_outbox_failures_total{schema="s"}': '0+60x100', 'tmws_outbox_records{schema="s"}': '7x100' },
      { 'tmws_outbox_failures_total{schema="s"}': '0+60x20 1200x100', 'tmws_outbox_records{schema="s"}': '7x20 0x100' },
    ),
    one(
      'TmwsOutboxBacklog',
      { 'tmws_outbox_records{schema="s"}': '20000x100' },
      { 'tmws_outbox_records{schema="s"}': '20000x50 0x50' },
    ),
    one(
      'TmwsSchemaBehind',
      { 'tmws_schema_missing_steps{schema="s"}': '2x100' },
      { 'tmws_schema_missing_steps{schema="s"}': '2x5 0x100' },
    ),
    one(
      'TmwsVersionsDiffer',
      {
        'tmws_migrations_info{schema="s",newest="1",pod="a"}': '1x100',
        'tmws_migrations_info{schema="s",newest="2",pod="b"}': '1x100',
      },
      {
        'tmws_migrations_info{schema="s",newest="2",pod="a"}': '1x100',
        'tmws_migrations_info{schema="s",newest="2",pod="b"}': '1x100',
      },
    ),
  ];
};

const ofConsumer = (service: string): AlertCase[] => {
  const lag = 'tmws_kafka_lag_records{group="g",topic="t",partition="0"}';
  const consumed = 'tmws_kafka_consumed_total{group="g",topic="t"}';
  const refused = 'tmws_events_refused_total{topic="t",kind="invalid"}';
  return [
    {
      service,
      alert: 'TmwsConsumerStuck',
      fires: { [lag]: '5x100', [consumed]: '9x100' },
      quiet: { [lag]: '5x100', [consumed]: '0+9x100' },
    },
    { service, alert: 'TmwsConsumerLag', fires: { [lag]: '20000x100' }, quiet: { [lag]: '200x100' } },
    { service, alert: 'TmwsEventsRefused', fires: { [refused]: '_x50 20x100' }, quiet: { [refused]: '2x100' } },
  ];
};

const alerting = (alert: string, fires: Series, quiet: Series): AlertCase => ({ service: 'alerting', alert, fires, quiet });
const attempts = (result: string): string =>
  `tmws_alerting_notification_attempts_total{receiver="r",integration="slack[0]",result="${result}"}`;
const heartbeats = (result: string): string => `tmws_alerting_heartbeats_total{result="${result}"}`;
const rule = '{rule="r"}';

const ofAlerting: AlertCase[] = [
  alerting(
    'TmwsDeliveriesLate',
    { 'tmws_alerting_deliveries_late_total{severity="critical",kind="raised"}': '_x55 1x40' },
    { 'tmws_alerting_deliveries_late_total{severity="critical",kind="raised"}': '1x100' },
  ),
  alerting(
    'TmwsDeliveriesDead',
    { [attempts('dead')]: '_x55 1x40' },
    { [attempts('dead')]: '1x100', [attempts('sent')]: '0+5x100' },
  ),
  alerting(
    'TmwsReceiverLeftAlone',
    { 'tmws_alerting_circuit_open{receiver="r",integration="i"}': '1x100' },
    { 'tmws_alerting_circuit_open{receiver="r",integration="i"}': '0x57 1x9' },
  ),
  alerting(
    'TmwsDeliveriesFailing',
    { [attempts('failed')]: '0+9x100', [attempts('sent')]: '0+1x100' },
    { [attempts('failed')]: '0+1x100', [attempts('sent')]: '0+9x100' },
  ),
  alerting(
    'TmwsHeartbeatMissing',
    { [heartbeats('withheld')]: '0+1x100', [heartbeats('sent')]: '9x100' },
    { [heartbeats('failed')]: '0+1x100', [heartbeats('sent')]: '0+9x100' },
  ),
  alerting(
    'TmwsAlertingConfigRefused',
    { alertmanager_config_last_reload_successful: '0x100' },
    { alertmanager_config_last_reload_successful: '1x100' },
  ),
  alerting(
    'TmwsRulesUnread',
    { tmws_alerting_rules_last_reload_successful: '0x100' },
    { tmws_alerting_rules_last_reload_successful: '1x100' },
  ),
  alerting('TmwsRulesRefused', { tmws_alerting_rules_refused: '1x100' }, { tmws_alerting_rules_refused: '1x55 0x40' }),
  alerting(
    'TmwsRuleFailing',
    { [`tmws_alerting_rule_failures_total${rule}`]: '_x55 1x40' },
    { [`tmws_alerting_rule_failures_total${rule}`]: '1x100' },
  ),
  alerting(
    'TmwsRuleLosesEvents',
    { [`tmws_alerting_rule_events_lost_total${rule}`]: '0+1x100' },
    { [`tmws_alerting_rule_events_lost_total${rule}`]: '5x100' },
  ),
  alerting(
    'TmwsRuleForgets',
    { [`tmws_alerting_rule_keys_dropped_total${rule}`]: '0+50x100' },
    { [`tmws_alerting_rule_keys_dropped_total${rule}`]: '0+1x100' },
  ),
  alerting(
    'TmwsAlertsRefused',
    { 'alertmanager_alerts_invalid_total{version="v2"}': '0+1x100' },
    { 'alertmanager_alerts_invalid_total{version="v2"}': '3x100' },
  ),
];

const slowBucket = (le: string, samples: string): Series => ({
  [`tmws_http_server_seconds_bucket{route="/api",le="${le}"}`]: samples,
});

const ofGateway: AlertCase[] = [
  {
    ...{ service: 'gateway', alert: 'TmwsGatewayErrorBudgetFast', atMinutes: 90 },
    fires: { ...http('200', '0+95x300'), ...http('503', '0+5x300') },
    // Over by now: the short window is clean again.
    quiet: { ...http('200', '0+100x300'), ...http('503', '0+5x60 300x240') },
  },
  {
    ...{ service: 'gateway', alert: 'TmwsGatewayErrorBudgetHigh', atMinutes: 600 },
    fires: { ...http('200', '0+990x900'), ...http('500', '0+10x900') },
    quiet: { ...http('200', '0+990x900'), ...http('404', '0+100x900') },
  },
  {
    ...{ service: 'gateway', alert: 'TmwsGatewayErrorBudgetSlow', atMinutes: 1980 },
    fires: { ...http('200', `0${long.replace('+0', '+996')}`), ...http('500', `0${long.replace('+0', '+4')}`) },
    quiet: { ...http('200', `0${long.replace('+0', '+998')}`), ...http('500', `0${long.replace('+0', '+2')}`) },
  },
  {
    ...{ service: 'gateway', alert: 'TmwsGatewayErrorBudgetLasting', atMinutes: 4980 },
    fires: { ...http('200', `0${long.replace('+0', '+998')}`), ...http('500', `0${long.replace('+0', '+2')}`) },
    quiet: { ...http('200', `0${long.replace('+0', '+9995')}`), ...http('500', `0${long.replace('+0', '+5')}`) },
  },
  {
    ...{ service: 'gateway', alert: 'TmwsGatewaySlow', atMinutes: 90 },
    fires: { ...slowBucket('1', '0+80x200'), 'tmws_http_server_seconds_count{route="/api"}': '0+100x200' },
    quiet: { ...slowBucket('1', '0+99x200'), 'tmws_http_server_seconds_count{route="/api"}': '0+100x200' },
  },
];

const timeline = (alert: string, fires: Series, quiet: Series): AlertCase => ({
  service: 'workflow-timeline',
  alert,
  fires,
  quiet,
});
const otlp = (outcome: string): string => `tmws_otlp_items_total{signal="traces",outcome="${outcome}"}`;
const asked = (le: string): string =>
  `tmws_grpc_server_seconds_bucket{method="tmws.timeline.v1.TimelineService/GetTimeline",le="${le}"}`;

const ofTimeline: AlertCase[] = [
  timeline(
    'TmwsOtlpRefused',
    { [otlp('accepted')]: '0+90x100', [otlp('rejected')]: '0+10x100' },
    { [otlp('accepted')]: '0+999x100', [otlp('rejected')]: '0+1x100' },
  ),
  timeline(
    'TmwsOtlpFailing',
    { ...http('200', '0+90x100'), ...http('503', '0+10x100') },
    { ...http('200', '0+90x100'), ...http('429', '0+10x100') },
  ),
  timeline(
    'TmwsTimelineSlow',
    { [asked('2.5')]: '0+80x100', [asked('5')]: '0+100x100', [asked('+Inf')]: '0+100x100' },
    { [asked('2.5')]: '0+100x100', [asked('+Inf')]: '0+100x100' },
  ),
];

export const alertCases: readonly AlertCase[] = [
  ...['gateway', 'alerting', 'workflow-timeline'].flatMap(ofProcess),
  ...['alerting', 'workflow-timeline'].flatMap(ofConsumer),
  ...ofAlerting,
  ...ofGateway,
  ...ofTimeline,
];
