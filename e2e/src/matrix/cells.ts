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
export type Column = `${keyof typeof receivers}` | keyof typeof others;
export const columns: Readonly<Record<Column, string>> = { ...receivers, ...others };
export const receiverColumns = ['none', 'down', '500', '429', 'silent', 'slow', 'half', 'cut'] as const satisfies Column[];
export const allColumns: readonly Column[] = [...receiverColumns, ...(Object.keys(others) as (keyof typeof others)[])];

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

/** Alertmanager's file: a receiver and a route for each column, a group for each alert. @param urlOf  the server of a column's receiver */
export function alertmanagerFile(some: readonly Column[], urlOf: (column: Column) => string): string {
  const webhook = (column: Column, path: string): string =>
    `webhook_configs: [{ url: "${urlOf(column)}${path}", timeout: ${timeoutOf(column)}, send_resolved: false }]`;
  return `
route:
  receiver: nobody
  group_by: [alertname]
  group_wait: 500ms
  group_interval: 1s
  routes:
${some
  .map(
    (column) =>
      `    - { receiver: ops-${column}, matchers: ['column="${column}"'], routes: [{ matchers: ['cell="wait"'], group_wait: 3s }] }\n`,
  )
  .join('')}
receivers:
  - { name: nobody }
${some
  .map(
    (column) =>
      `  - { name: ops-${column}, ${webhook(column, opsPath(column))} }\n  - { name: lead-${column}, ${webhook(column, leadPath(column))} }\n`,
  )
  .join('')}`;
}

export const policyFile = (some: readonly Column[]): string =>
  `escalations:\n${some
    .map(
      (column) =>
        `  - { matchers: ['cell="step"', 'column="${column}"'], steps: [{ after: 200ms, receiver: lead-${column} }] }\n`,
    )
    .join('')}`;
