import type { Cluster } from './cluster.ts';

/** What people look at when something is wrong: pods, events, last words of pods that are not ready. */
export async function describeCluster(cluster: Cluster): Promise<string> {
  const parts = [await cluster.kubectl(['get', 'pods', '-o', 'wide'])];
  const events = await cluster.kubectl(['get', 'events', '--sort-by=.lastTimestamp']);
  parts.push(events.trimEnd().split('\n').slice(-15).join('\n'));
  const pods = await cluster.list<{ kind: string; metadata: { name: string }; status: { containerStatuses?: Container[] } }>(
    'pods',
  );
  for (const { metadata, status } of pods) {
    const troubled = (status.containerStatuses ?? []).some(({ ready, restartCount }) => !ready || restartCount > 0);
    if (!troubled) continue;
    for (const previous of [[], ['--previous']]) {
      const log = await cluster.kubectl(['logs', metadata.name, '--tail=8', ...previous]).catch(() => '');
      if (log !== '') parts.push(`--- ${metadata.name} ${previous.join('')}\n${log.trimEnd()}`);
    }
  }
  return parts.join('\n').replaceAll(/^/gm, '    ');
}

interface Container {
  readonly ready: boolean;
  readonly restartCount: number;
}
