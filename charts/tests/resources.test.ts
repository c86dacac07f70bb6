// Rule 8: what a pod may use is said, and the process knows it.
import { containersOf, ofKind, podsOf } from '../../tools/charts/manifest.ts';
import { everyValuesFile, rendered, refusal, umbrella, valuesFile } from './rendered.ts';

test.each(everyValuesFile)('%s says for every container what it asks for and what it may have', async (_, options) => {
  for (const { title, pod } of podsOf(await rendered(options))) {
    for (const { name, resources } of containersOf(pod)) {
      const said = [resources?.requests?.cpu, resources?.requests?.memory, resources?.limits?.memory];
      expect([title, name, said.every((amount) => amount !== undefined)]).toEqual([title, name, true]);
    }
  }
});

const mebibytes = (text = '') => {
  const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(text) ?? [];
  return Number(amount) * (unit === 'Gi' ? 1024 : 1);
};

test.each(['default', 'minimal', 'ha'])('heaps of a service with %s are three quarters of its memory', async (name) => {
  for (const { metadata, spec } of ofKind(await umbrella(name), 'Deployment')) {
    const [container] = spec.template.spec.containers;
    const of = (setting: string) => container?.env?.find((entry) => entry.name === setting)?.value ?? '0';
    const heap = Number(/--max-old-space-size=(\d+)/.exec(of('NODE_OPTIONS'))?.[1]) + Number(of('TIMELINE_IMPORT_HEAP_MIB'));
    const share = heap / mebibytes(container?.resources?.limits?.memory);
    expect([metadata.name, Math.round(share * 100)]).toEqual([metadata.name, 75]);
  }
});

test('heaps that leave no room for the rest of the process are refused', async () => {
  const set = { 'gateway.memory.heapPercent': 95 };
  expect(await refusal({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set })).toContain(
    'add up to 95 % of the memory limit: at most 90',
  );
});

test('memory that cannot be read is refused with how to write it', async () => {
  const set = { 'gateway.resources.limits.memory': '1 gigabyte' };
  expect(await refusal({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set })).toContain(
    'resources.limits.memory is "1 gigabyte"; write it like 512Mi or 1Gi',
  );
});
