// The gateway on the embedded log, through the real Kafka client.
import { deadLetter, dlqOf, openEventBus } from '@tmws/events';
import { openBroker } from '@tmws/kafka-wire';
import { openLog } from '@tmws/log';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { tempDir } from '@tmws/testkit';
import { openGateway } from './open-gateway.ts';

const logger = openLogger('test', 'silent');

test('an event that was answered is on the log, a record refused is shown, and replayed it is on the log again', async () => {
  await using dir = await tempDir('gateway');
  const log = await openLog({ dir: dir.path, logger });
  const broker = await openBroker({ log, logger });
  const events = openEventBus({
    brokers: [`${broker.host}:${broker.port}`],
    clientId: 'gateway-test',
    logger,
    metrics: openMetrics(),
  });
  await events.ensureTopics();
  try {
    await using gateway = await openGateway({}, { events });
    const data = { executionId: 'run-1', stepId: 's' };
    const batch = ['a', 'b', 'c'].map((id) => ({ specversion: '1.0', id, source: '/x', type: 'tmws.step.started', data }));
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    expect((await gateway.post('/api/v1/events', batch, headers)).status).toBe(202);
    const kept = await events.tail('tmws.workflow', 10);
    expect(kept.map((record) => [record.headers.ce_id, String(record.key)])).toEqual([
      ['a', 'run-1'],
      ['b', 'run-1'],
      ['c', 'run-1'],
    ]);

    await events.publish([deadLetter(kept[1]!, new Problem('invalid', 'not today'), Date.now())]);
    const { items } = (await (await gateway.get('/api/v1/dead-letters')).json()) as { items: { id: string; reason: string }[] };
    expect(items).toMatchObject([{ reason: 'not today', topic: 'tmws.workflow', key: 'run-1' }]);
    const replayed = await gateway.post('/api/v1/dead-letters/replay', { ids: [items[0]!.id] });
    expect(await replayed.json()).toEqual({ replayed: 1, missing: [], refused: [] });
    expect((await events.tail('tmws.workflow', 10)).map((record) => record.headers.ce_id)).toEqual(['a', 'b', 'c', 'b']);
    expect(await events.tail(dlqOf('tmws.workflow'), 10)).toHaveLength(1);

    const tooLarge = { ...batch[0]!, id: 'd', data: { ...data, path: [], dependsOn: manySteps() } };
    const mixed = await gateway.post('/api/v1/events', [tooLarge, { ...batch[0]!, id: 'e' }], headers);
    expect(await mixed.json()).toMatchObject({
      items: [
        { id: 'd', status: 'refused', problem: { kind: 'too_large' } },
        { id: 'e', status: 'accepted' },
      ],
    });
  } finally {
    await events.close();
    await broker.close();
    await log.close();
  }
});

/** More than a record may hold. */
function manySteps(): { stepId: string }[] {
  return Array.from({ length: 5000 }, (_, i) => ({ stepId: `${i}-${'x'.repeat(300)}` }));
}
