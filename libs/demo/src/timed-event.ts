import type { ExecutionEventJson, StepEventJson } from '@tmws/contracts';

/** A CloudEvent 1.0 in the JSON format (structured mode). */
export interface CloudEventJson {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The execution's id. */
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly tmwsnamespace?: string;
  readonly data: ExecutionEventJson | StepEventJson;
}

/** An event and when it is to be sent, ms since the epoch: the instant it tells of. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: CloudEventJson;
}

/** The executions the events tell of, in the order they first appear. */
export function executionIdsOf(events: readonly TimedEvent[]): string[] {
  return [...new Set(events.map(({ event }) => event.subject))];
}

/** The same events, `deltaMs` later: every time in them moves, ids stay. */
export function shiftEvents(events: readonly TimedEvent[], deltaMs: number): TimedEvent[] {
  if (deltaMs === 0) return [...events];
  return events.map(({ atMs, event }) => ({ atMs: atMs + deltaMs, event: shifted(event, deltaMs) as CloudEventJson }));
}

const timeKeys = new Set(['time', 'readyAt', 'queuedAt', 'startedAt', 'finishedAt', 'from', 'to']);
const payloadKeys = new Set(['input', 'output', 'attributes']);

function shifted(value: unknown, deltaMs: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shifted(item, deltaMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (payloadKeys.has(key)) return [key, inner as unknown];
      if (timeKeys.has(key) && typeof inner === 'string') return [key, new Date(Date.parse(inner) + deltaMs).toISOString()];
      return [key, shifted(inner, deltaMs)];
    }),
  );
}
