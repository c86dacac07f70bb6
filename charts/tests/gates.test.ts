// Rule 9: what a cluster does not know is not made, unless somebody asked for just that.
import { titleOf } from '../../tools/charts/manifest.ts';
import { everyValuesFile, rendered, umbrella, valuesFile } from './rendered.ts';

const kubernetes = /^(v1|apps\/v1|batch\/v1|policy\/v1|autoscaling\/v2|networking\.k8s\.io\/v1)$/;
const ofOperators = (objects: Awaited<ReturnType<typeof umbrella>>) =>
  objects.filter(({ apiVersion }) => !kubernetes.test(apiVersion)).map((object) => `${object.apiVersion} ${titleOf(object)}`);

test('the default values need no operator', async () => {
  expect(ofOperators(await umbrella('default'))).toEqual([]);
  expect(ofOperators(await umbrella('minimal'))).toEqual([]);
});

test('what Prometheus reads is made where its operator is, and left out where it is not', async () => {
  const there = ofOperators(await umbrella('observability'));
  expect(there.filter((title) => title.includes('ServiceMonitor/'))).toHaveLength(3);
  expect(there.filter((title) => title.includes('PrometheusRule/')).length).toBeGreaterThanOrEqual(3);
  expect(ofOperators(await umbrella('observability', { apis: [] }))).toEqual([]);
});

const route = {
  'gateway.routes.http.enabled': true,
  'gateway.routes.http.kind': 'HTTPRoute',
  'gateway.routes.http.parentRefs': [{ name: 'public', namespace: 'gateways' }],
};

test('a route is made where Gateway API is, and left out where it is not', async () => {
  const routes = async (apis?: string[]) =>
    ofOperators(
      await rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set: route, ...(apis && { apis }) }),
    );
  expect(await routes()).toEqual(['gateway.networking.k8s.io/v1 HTTPRoute/tmws-gateway-http']);
  expect(await routes([])).toEqual([]);
});

test.each([
  ['mesh-istio', /^(security|networking)\.istio\.io\/v1 /],
  ['mesh-linkerd', /^policy\.linkerd\.io\//],
  ['keda', /^keda\.sh\/v1alpha1 /],
])('who asked for %s gets it, and is told by a cluster that has none', async (name, own) => {
  const titles = ofOperators(await umbrella(name, { apis: [] }));
  expect(titles.length).toBeGreaterThan(0);
  expect(titles.filter((title) => !own.test(title))).toEqual([]);
});

test.each(everyValuesFile)('%s makes only kinds of a group and version that are served since 1.25', async (_, options) => {
  const old = (await rendered({ ...options, kube: '1.25' })).filter(({ apiVersion }) => /(alpha|beta)/.test(apiVersion));
  expect(old.filter(({ apiVersion }) => /^(apps|batch|policy|autoscaling|networking\.k8s\.io)\//.test(apiVersion))).toEqual([]);
});
