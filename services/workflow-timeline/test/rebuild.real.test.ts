import { eventually } from '@tmws/testkit';
import { openPostgresExecutionStore } from '../src/outbound/postgres-execution-store.ts';
import { startTimeline } from './start-timeline.ts';

const { TMWS_TEST_KAFKA_BROKERS: brokers = '', TMWS_TEST_DATABASE_URL: databaseUrl = '' } = process.env;

test('a rebuild that begins while a batch is being stored waits for it, and neither is broken off', async () => {
  const timeline = await startTimeline({ brokers, databaseUrl }, Date.now);
  try {
    const db = await timeline.host.database();
    const store = openPostgresExecutionStore(db, 'timeline');
    const place = { topic: 'of-this-test', partition: 0 };
    await store.record((recording) => recording.moveOffsets([{ ...place, from: undefined, next: 1n }]));
    let cleared: Promise<void> | undefined;
    await store.record(async (recording) => {
      await recording.open([{ namespace: 'n', id: 'being-stored' }], Date.now());
      cleared = store.clear();
      await eventually(async () =>
        expect(
          await db.query(`SELECT 1 AS one FROM pg_locks WHERE NOT granted AND relation = 'timeline.executions'::regclass`),
        ).toEqual([{ one: 1 }]),
      );
      await recording.moveOffsets([{ ...place, from: 1n, next: 2n }]);
    });
    await cleared;
    expect((await store.offsets()).filter(({ topic }) => topic === place.topic)).toEqual([]);
  } finally {
    await timeline.stop();
  }
}, 60_000);
