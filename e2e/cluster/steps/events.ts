import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { cacheDir, eventually, installGrpcurl } from '@tmws/testkit';
import { forward } from '../forward.ts';
import { adminKey, type Step } from '../stage.ts';
import { runTool } from '../tool.ts';

/** What a producer puts on the cluster's Kafka is a timeline over gRPC. */
export const events: Step = {
  name: 'events',
  async run(stage) {
    const { client, checks, cluster } = stage;
    await checks.check('events: CloudEvents on the in-cluster Kafka are a timeline over gRPC', async () => {
      const id = `cluster-${randomUUID().slice(0, 8)}`;
      await client.produce('deps-kafka:9092', 'tmws.workflow', [
        step(id, 'plan', '2026-03-01T12:00:00Z', '2026-03-01T12:00:02Z'),
        step(id, 'act', '2026-03-01T12:00:02Z', '2026-03-01T12:00:07Z'),
      ]);
      const grpcurl = await installGrpcurl(cacheDir());
      const key = await adminKey(stage);
      await using tunnel = await forward(cluster, 'deployment/tmws-workflow-timeline', 50_051);
      const ask = (method: string, headers: readonly string[]): Promise<string> =>
        runTool(grpcurl, [
          '-plaintext',
          ...headers,
          '-d',
          JSON.stringify({ id }),
          tunnel.address,
          `tmws.timeline.v1.TimelineService/${method}`,
        ]);
      // A header from the environment would not show in the list of processes; grpcurl expands it itself.
      const signedIn = ['-H', `authorization: Bearer ${key}`];
      const path = await eventually(async () => JSON.parse(await ask('GetCriticalPath', signedIn)) as { makespanNs?: string }, {
        timeoutMs: 60_000,
        everyMs: 300,
      });
      assert.equal(path.makespanNs, '7000000000');
      const rows = await ask('GetTimeline', signedIn);
      assert.ok(rows.includes('plan') && rows.includes('act'), rows);
      await assert.rejects(ask('GetTimeline', []), /Unauthenticated/);
      return 'two steps produced, both rows and a makespan of 7 s read by grpcurl; without a credential: Unauthenticated';
    });
  },
};

const step = (executionId: string, stepId: string, startedAt: string, finishedAt: string): object => ({
  id: `${executionId}-${stepId}`,
  type: 'tmws.step.completed',
  subject: executionId,
  data: { executionId, stepId, startedAt, finishedAt },
});
