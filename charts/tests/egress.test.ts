// Rule 7: what a service may reach is what its own settings say it calls; policies and meshes have it from the same list.
import { type Manifest, ofKind, type Peer } from '../../tools/charts/manifest.ts';
import { rendered, umbrella, valuesFile } from './rendered.ts';

type Call = `${string}:${number}`;

const envOf = (objects: readonly Manifest[], name: string) =>
  new Map(
    ofKind(objects, 'Deployment')
      .find(({ metadata }) => metadata.name === name)
      ?.spec.template.spec.containers[0]?.env?.map((entry) => [entry.name, entry.value ?? '']),
  );

/** Services of the release that the settings of one have addresses of. */
const called = (objects: readonly Manifest[], name: string): Call[] =>
  [...envOf(objects, name)]
    .filter(([setting]) => setting.endsWith('_ADDRESS'))
    .map(([, value]) => value.replace(/^dns:\/\/\//, '').replace(/-headless:/, ':') as Call)
    .toSorted();

const policyOf = (objects: readonly Manifest[], name: string) =>
  ofKind(objects, 'NetworkPolicy').find(({ metadata }) => metadata.name === name)!.spec;

const serviceIn = ({ podSelector, namespaceSelector }: Peer) =>
  namespaceSelector === undefined ? podSelector?.matchLabels?.['app.kubernetes.io/name'] : undefined;

const allowed = (objects: readonly Manifest[], name: string): Call[] =>
  (policyOf(objects, name).egress ?? [])
    .flatMap(({ to = [], ports = [] }) =>
      to.flatMap((peer) => {
        const service = serviceIn(peer);
        return service === undefined ? [] : ports.map(({ port }): Call => `tmws-${service}:${Number(port)}`);
      }),
    )
    .toSorted();

const deployments = (objects: readonly Manifest[]) => ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name);

test('a service may reach those services its settings name, and no other', async () => {
  const objects = await umbrella('default');
  for (const name of deployments(objects)) expect([name, allowed(objects, name)]).toEqual([name, called(objects, name)]);
});

test('whom a service may reach lets it in', async () => {
  const objects = await umbrella('default');
  for (const name of deployments(objects)) {
    for (const call of called(objects, name)) {
      const [target = '', port] = call.split(':');
      const own = { 'app.kubernetes.io/name': name.replace(/^tmws-/, ''), 'app.kubernetes.io/part-of': 'tmws' };
      const lets = (policyOf(objects, target).ingress ?? []).some(
        ({ from, ports = [] }) =>
          ports.some((open) => String(open.port) === port) &&
          (from === undefined ||
            from.some((peer) =>
              Object.entries(peer.podSelector?.matchLabels ?? { none: '' }).every(
                ([key, value]) => key === 'app.kubernetes.io/instance' || own[key as keyof typeof own] === value,
              ),
            )),
      );
      expect([name, call, lets]).toEqual([name, call, true]);
    }
  }
});

const outerPorts = (objects: readonly Manifest[], name: string) =>
  new Set(
    (policyOf(objects, name).egress ?? [])
      .filter(({ to = [] }) => to.every((peer) => serviceIn(peer) === undefined))
      .flatMap(({ ports = [] }) => ports.map(({ port }) => Number(port))),
  );

test('beside that it reaches names, Kafka, Postgres and the collector its settings name', async () => {
  const objects = await umbrella('observability');
  expect(envOf(objects, 'tmws-workflow-timeline').get('OTEL_EXPORTER_OTLP_ENDPOINT')).toMatch(/:4318$/);
  expect(outerPorts(objects, 'tmws-workflow-timeline')).toEqual(new Set([53, 9092, 5432, 4318]));
  expect(outerPorts(await umbrella('default'), 'tmws-workflow-timeline')).toEqual(new Set([53, 9092, 5432]));
});

test("the ports of Kafka's and Postgres' own addresses are those that are open", async () => {
  expect(outerPorts(await umbrella('external-db'), 'tmws-workflow-timeline')).toEqual(new Set([53, 9096, 5433]));
});

test('the OpenID provider is reached only where there is one', async () => {
  expect(outerPorts(await umbrella('default'), 'tmws-gateway').has(443)).toBe(false);
  expect(outerPorts(await umbrella('external-db'), 'tmws-gateway').has(443)).toBe(true);
});

test('where anywhere is meant, the addresses where clouds keep credentials are not', async () => {
  const blocks = ofKind(await umbrella('default'), 'NetworkPolicy').flatMap(({ spec }) =>
    (spec.egress ?? []).flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => (ipBlock?.cidr === '0.0.0.0/0' ? [ipBlock] : []))),
  );
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) expect(block.except).toContain('169.254.0.0/16');
});

test('whatever else is of the release reaches nobody, and nobody reaches it', async () => {
  const denied = policyOf(await umbrella('default'), 'tmws-deny-all');
  expect(denied).toEqual({
    podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'tmws', 'app.kubernetes.io/instance': 'tmws' } },
    policyTypes: ['Ingress', 'Egress'],
  });
});

test('a migration reaches Kafka and Postgres and nobody reaches it', async () => {
  const policy = policyOf(await umbrella('default'), 'tmws-alerting-migrate');
  expect(policy.ingress ?? []).toEqual([]);
  expect(new Set((policy.egress ?? []).flatMap(({ ports = [] }) => ports.map(({ port }) => port)))).toEqual(
    new Set([53, 9092, 5432]),
  );
});

test('a rule of the user is added to what is declared', async () => {
  const rule = { to: [{ ipBlock: { cidr: '10.9.0.0/16' } }], ports: [{ port: 8443, protocol: 'TCP' }] };
  const set = { 'gateway.networkPolicy.egress': [rule] };
  const objects = await rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });
  expect(policyOf(objects, 'tmws-gateway').egress).toContainEqual(rule);
});

test('policies are left out only where they are switched off', async () => {
  expect(ofKind(await umbrella('minimal'), 'NetworkPolicy')).toEqual([]);
});

test("Istio's proxies know the services the settings name, and those are let in by name", async () => {
  const objects = await umbrella('mesh-istio');
  for (const name of deployments(objects)) {
    const sidecar = ofKind(objects, 'Sidecar').find(({ metadata }) => metadata.name === name)!;
    const hosts = (sidecar.spec.egress as { hosts: string[] }[]).flatMap((part) => part.hosts);
    const services = hosts.flatMap((host) => /^\.\/(tmws-[\w-]+?)(?:-headless)?\./.exec(host)?.[1] ?? []);
    const wanted = new Set(called(objects, name).map((call) => call.split(':')[0] ?? ''));
    expect([name, new Set(services)]).toEqual([name, wanted]);
    for (const target of wanted) {
      const policy = ofKind(objects, 'AuthorizationPolicy').find(({ metadata }) => metadata.name === target);
      expect(JSON.stringify(policy?.spec)).toContain(`/sa/${name}"`);
    }
  }
});

test("Linkerd's proxies let in those whose settings name the service", async () => {
  const objects = await umbrella('mesh-linkerd');
  for (const name of deployments(objects)) {
    for (const call of called(objects, name)) {
      const [target] = call.split(':');
      const known = ofKind(objects, 'MeshTLSAuthentication').filter(({ metadata }) => metadata.name.startsWith(target ?? ''));
      expect([name, call, JSON.stringify(known.map(({ spec }) => spec)).includes(name)]).toEqual([name, call, true]);
    }
  }
});
