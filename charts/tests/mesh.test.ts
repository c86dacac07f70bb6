import { callGraph } from '../../tools/mesh/call-graph.ts';
import { umbrella } from './rendered.ts';

interface IstioPolicy {
  readonly rules: readonly {
    readonly from?: readonly { readonly source: { readonly principals: readonly string[] } }[];
    readonly to?: readonly { readonly operation: { readonly ports: readonly string[]; readonly paths?: readonly string[] } }[];
  }[];
}

interface LinkerdRoute {
  readonly rules: readonly {
    readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
  }[];
}

const { calls } = callGraph();
const owners = Object.entries(calls);

test.each(owners)('Istio lets who calls %s ask for the methods it calls, and nobody for others', async (owner, by) => {
  const objects = await umbrella('mesh-istio');
  const policy = objects.find(({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name === `tmws-${owner}`);
  const { rules } = policy?.spec as unknown as IstioPolicy;
  const onGrpc = rules.filter(({ to = [] }) => to.some(({ operation }) => operation.ports.includes('50051')));
  expect(onGrpc).toEqual(
    Object.entries(by).map(([caller, methods]) => ({
      from: [{ source: { principals: [`cluster.local/ns/tmws-system/sa/tmws-${caller}`] } }],
      to: [{ operation: { ports: ['50051'], methods: ['POST'], paths: methods.map((method) => `/${method}`) } }],
    })),
  );
});

test('Istio speaks mutual TLS on every port but those that are open and scraped, and knows only what is declared', async () => {
  const objects = await umbrella('mesh-istio');
  const of = (kind: string, name: string) => objects.find((each) => each.kind === kind && each.metadata.name === name)?.spec;
  expect(of('PeerAuthentication', 'tmws-alerting')).toMatchObject({ mtls: { mode: 'STRICT' } });
  expect(JSON.stringify(of('PeerAuthentication', 'tmws-workflow-timeline'))).not.toContain('50051');
  const hosts = JSON.stringify(of('Sidecar', 'tmws-alerting'));
  expect(hosts).toContain('tmws-gateway-headless.tmws-system');
  expect(hosts).not.toContain('tmws-workflow-timeline');
});

test.each(owners)('Linkerd lets who calls %s ask for the methods it calls, and nobody for others', async (owner, by) => {
  const objects = await umbrella('mesh-linkerd');
  const server = objects.find(({ kind, metadata }) => kind === 'Server' && metadata.name === `tmws-${owner}-grpc`);
  expect(server?.spec).toMatchObject({ port: 'grpc', accessPolicy: 'deny' });
  const routes = objects.filter(({ kind, metadata }) => kind === 'HTTPRoute' && metadata.name.startsWith(`tmws-${owner}-`));
  expect(routes.map(({ metadata }) => metadata.name)).toEqual(
    [...Object.keys(by).map((caller) => `tmws-${owner}-from-${caller}`), `tmws-${owner}-health`].toSorted(),
  );
  for (const [caller, methods] of Object.entries(by)) {
    const name = `tmws-${owner}-from-${caller}`;
    const route = routes.find(({ metadata }) => metadata.name === name)?.spec as unknown as LinkerdRoute;
    expect(route.rules.every(({ matches }) => matches.length <= 8)).toBe(true);
    expect(route.rules.flatMap(({ matches }) => matches.map(({ path }) => path))).toEqual(
      methods.map((method) => ({ type: 'Exact', value: `/${method}` })),
    );
    const allowed = objects.find(({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name === name);
    expect(allowed?.spec).toMatchObject({
      targetRef: { name },
      requiredAuthenticationRefs: [{ kind: 'MeshTLSAuthentication', name }],
    });
  }
});

test('without a mesh there is nothing of one', async () => {
  const groups = (await umbrella('default')).map(({ apiVersion }) => apiVersion.split('/')[0]);
  expect(groups.filter((group) => /istio|linkerd/.test(group ?? ''))).toEqual([]);
});
