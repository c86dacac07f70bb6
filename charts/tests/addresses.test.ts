// Rule 6: one address for clients of one connection, all pods by name for clients that spread calls; connections end and find new pods.
import { ofKind } from '../../tools/charts/manifest.ts';
import { umbrella } from './rendered.ts';

test('every service has an address, and one that names all of its pods', async () => {
  const objects = await umbrella('default');
  const services = new Map(ofKind(objects, 'Service').map((service) => [service.metadata.name, service.spec]));
  for (const { metadata, spec } of ofKind(objects, 'Deployment')) {
    expect(services.get(metadata.name)).toMatchObject({ type: 'ClusterIP', selector: spec.selector?.matchLabels });
    expect(services.get(metadata.name)?.clusterIP).toBeUndefined();
    expect(services.get(`${metadata.name}-headless`)).toMatchObject({ clusterIP: 'None', selector: spec.selector?.matchLabels });
  }
});

test('ports of an address are ports the pod listens on, by their name', async () => {
  const objects = await umbrella('default');
  const pods = new Map(
    ofKind(objects, 'Deployment').map(({ metadata, spec }) => [metadata.name, spec.template.spec.containers[0]?.ports ?? []]),
  );
  for (const { metadata, spec } of ofKind(objects, 'Service')) {
    const open = pods.get(metadata.name.replace(/-headless$/, '')) ?? [];
    for (const { name, port, targetPort } of spec.ports) {
      expect(open).toContainEqual(expect.objectContaining({ name: targetPort, containerPort: port }));
      expect(targetPort).toBe(name);
    }
  }
});

test('gRPC connections end after a time, so that clients find pods that came', async () => {
  for (const { metadata, spec } of ofKind(await umbrella('default'), 'Deployment')) {
    const [container] = spec.template.spec.containers;
    const age = container?.env?.find(({ name }) => name === 'TMWS_GRPC_MAX_CONNECTION_AGE');
    expect([metadata.name, age?.value]).toEqual([metadata.name, '2m']);
  }
});

test('services call each other by names that stand for all pods', async () => {
  const objects = await umbrella('default');
  const names = new Set(ofKind(objects, 'Service').map(({ metadata }) => metadata.name));
  const addresses = ofKind(objects, 'Deployment').flatMap(({ spec }) =>
    (spec.template.spec.containers[0]?.env ?? []).filter(({ name }) => name.endsWith('_ADDRESS')),
  );
  expect(addresses.length).toBeGreaterThan(3);
  for (const { name, value = '' } of addresses) {
    const [, dns, host = ''] = /^(dns:\/\/\/)?([\w-]+):\d+$/.exec(value) ?? [];
    expect([name, names.has(host)]).toEqual([name, true]);
    expect([name, host.endsWith('-headless')]).toEqual([name, dns !== undefined]);
  }
});

test('a pod still serves after it said it is not ready, and is killed only after it had time to stop', async () => {
  const seconds = (text: string | undefined) => Number(/^(\d+)s$/.exec(text ?? '')?.[1]);
  for (const { spec } of ofKind(await umbrella('default'), 'Deployment')) {
    const { containers, terminationGracePeriodSeconds = 0 } = spec.template.spec;
    const of = (name: string) => seconds(containers[0]?.env?.find((entry) => entry.name === name)?.value);
    expect(of('TMWS_DRAIN_DELAY')).toBeGreaterThan(0);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(of('TMWS_DRAIN_DELAY') + of('TMWS_STOP_BUDGET'));
  }
});

test('every service has the three probes, none that asks more than the process itself', async () => {
  for (const { spec } of ofKind(await umbrella('default'), 'Deployment')) {
    const { startupProbe, readinessProbe, livenessProbe } = spec.template.spec.containers[0]!;
    expect(startupProbe?.httpGet).toEqual({ path: '/healthz', port: 'admin' });
    expect(livenessProbe?.httpGet).toEqual({ path: '/healthz', port: 'admin' });
    expect(readinessProbe?.grpc ?? readinessProbe?.httpGet).toBeDefined();
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      expect(probe?.initialDelaySeconds).toBeUndefined();
      expect(probe?.timeoutSeconds).toBeLessThanOrEqual(probe?.periodSeconds ?? 0);
    }
  }
});
