// The cells of the crash matrix: what an alert has come to when the process is killed, and what else is wrong then.

/** What an alert has come to. */
export const rows = {
  answer: 'posted, unread',
  commit: 'accepted',
  wait: 'in group_wait',
  receipt: 'sent, no receipt',
  step: 'escalated, no receipt',
  meanwhile: 'while it lasts',
} as const;
export type Row = keyof typeof rows;
export const allRows = Object.keys(rows) as Row[];

/** How the receiver answers while it is wrong. */
const receivers = {
  none: 'nothing else',
  down: 'receiver: port closed',
  500: 'receiver: 500',
  429: 'receiver: 429, Retry-After',
  silent: 'receiver: no answer',
  slow: 'receiver: answers late',
  half: 'receiver: half an answer',
  cut: 'receiver: closes unanswered',
} as const;
/** What is wrong with the servers, the clock, or the other replica. */
const others = {
  postgres: 'Postgres killed',
  kafka: 'Kafka killed',
  ahead: 'clock 1 h ahead',
  behind: 'clock 1 h behind',
  one: 'one of two replicas',
  both: 'two replicas, none killed',
} as const;
/** Receivers by whose handle a second try is known: only the kill is wrong. */
const known = {
  slack: 'Slack bot',
  hec: 'Splunk HEC, acks',
  elastic: 'Elasticsearch',
} as const;
export type KnownColumn = keyof typeof known;
export type Column = `${keyof typeof receivers}` | keyof typeof others | KnownColumn;
export const columns: Readonly<Record<Column, string>> = { ...receivers, ...others, ...known };
export const receiverColumns = ['none', 'down', '500', '429', 'silent', 'slow', 'half', 'cut'] as const satisfies Column[];
/** Those told by webhook. */
export const webhookColumns: readonly Column[] = [...receiverColumns, ...(Object.keys(others) as (keyof typeof others)[])];
export const knownColumns = Object.keys(known) as KnownColumn[];
export const allColumns: readonly Column[] = [...webhookColumns, ...knownColumns];
export const isKnown = (column: Column): column is KnownColumn => column in known;

export interface Cell {
  readonly row: Row;
  readonly column: Column;
}

/** An alert's name says its cell. */
export const nameOf = ({ row, column }: Cell, round: number, i: number): string => `${row}-${column}-${round}-${i}`;
export function cellOf(alertname: string): Cell {
  const [row, column] = alertname.split('-') as [Row, Column];
  return { row, column };
}

export const opsPath = (column: Column): string => `/${column}/ops`;
export const leadPath = (column: Column): string => `/${column}/lead`;
/** Where it is to be told. */
export const pathsOf = ({ row, column }: Cell): string[] =>
  row === 'step' ? [opsPath(column), leadPath(column)] : [opsPath(column)];

/** Longer than a late answer takes; what never answers is given up sooner. */
const timeoutOf = (column: Column): string => (column === 'silent' ? '1s' : '8s');

const routesOf = (some: readonly Column[]): string =>
  some
    .map(
      (column) =>
        `    - { receiver: ops-${column}, matchers: ['column="${column}"'], routes: [{ matchers: ['cell="wait"'], group_wait: 3s }] }\n`,
    )
    .join('');

/**
 * Alertmanager's file: a receiver and a route for each column, a group for each alert.
 *
 * @param urlOf  the server of a column's receiver; undefined: what it is stands in the policy file
 */
export function alertmanagerFile(some: readonly Column[], urlOf: (column: Column) => string | undefined): string {
  const integration = (column: Column, path: string): string => {
    const url = urlOf(column);
    return url === undefined
      ? ''
      : `, webhook_configs: [{ url: "${url}${path}", timeout: ${timeoutOf(column)}, send_resolved: false }]`;
  };
  return `
route:
  receiver: nobody
  group_by: [alertname]
  group_wait: 500ms
  group_interval: 1s
  routes:
${routesOf(some)}
receivers:
  - { name: nobody }
${some
  .map(
    (column) =>
      `  - { name: ops-${column}${integration(column, opsPath(column))} }\n  - { name: lead-${column}${integration(column, leadPath(column))} }\n`,
  )
  .join('')}`;
}

/** Escalations, where webhooks are told, and receivers that Alertmanager's file does not know. @param yamlOf  what such a one is */
export const policyFile = (some: readonly Column[], yamlOf: (column: KnownColumn) => string): string =>
  `escalations:\n${some
    .filter((column) => !isKnown(column))
    .map(
      (column) =>
        `  - { matchers: ['cell="step"', 'column="${column}"'], steps: [{ after: 200ms, receiver: lead-${column} }] }\n`,
    )
    .join('')}receivers:\n${some
    .filter(isKnown)
    .map((column) => `  - { name: ops-${column}, ${yamlOf(column)} }\n`)
    .join('')}`;
