import { duration, integer, loadSettings, type SettingsOf } from '@tmws/settings';

/** Settings of workflow-timeline alone; those of the process are in libs/lifecycle. */
export const timelineSettings = {
  lanes: integer('TIMELINE_LANES', 2, 'transactions under way at once while events are taken in; the embedded store has one', {
    min: 1,
    max: 16,
  }),
  watchEveryMs: duration('TIMELINE_WATCH_INTERVAL', '250ms', 'how often the store is asked for changes while someone watches', {
    min: '20ms',
    max: '10s',
  }),
  traceIdleMs: duration('TIMELINE_TRACE_IDLE', '60s', 'silence after which a trace without its root span is `unknown`', {
    min: '1s',
    max: '1d',
  }),
  retentionDays: integer(
    'TIMELINE_RETENTION_DAYS',
    30,
    'days executions are kept where their namespace says nothing; 0 = for ever',
    {
      min: 0,
      max: 3650,
    },
  ),
  cacheBytes: integer(
    'TIMELINE_CACHE_BYTES',
    268_435_456,
    'memory for the columns of executions that were looked at last, and as much for their rows',
    {
      min: 0,
      max: 17_179_869_184,
    },
  ),
  retentionEveryMs: duration('TIMELINE_RETENTION_EVERY', '1h', 'how often what is no longer kept is dropped', {
    min: '1s',
    max: '1d',
  }),
  importMaxBytes: integer('TIMELINE_IMPORT_MAX_BYTES', 268_435_456, 'largest file that is imported, before compression', {
    min: 1024,
    max: 268_435_456,
  }),
  importHeapMiB: integer(
    'TIMELINE_IMPORT_HEAP_MIB',
    3072,
    'memory that reading a file may take, MiB; one that needs more is refused',
    {
      min: 64,
      max: 65_536,
    },
  ),
} as const;

export type TimelineConfig = SettingsOf<typeof timelineSettings>;

/** @throws Problem `precondition` that lists every mistake */
export function loadConfig(env: NodeJS.ProcessEnv): TimelineConfig {
  return loadSettings('workflow-timeline', timelineSettings, env);
}
