import { refusal, umbrella, valuesFile } from './rendered.ts';

const gateways = [{ name: 'public', namespace: 'gateways' }];
const values = { chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')] };

test('nothing of the fleet can be reached from outside unless it is asked for', async () => {
  const kinds = (await umbrella('default')).map(({ kind }) => kind);
  expect(kinds.filter((kind) => /Route$|^Ingress$/.test(kind))).toEqual([]);
});

test('the gateway is reached through a Gateway, by its name and paths', async () => {
  const set = { 'gateway.routes.http': { enabled: true, parentRefs: gateways, hostnames: ['tmws.example.org'] } };
  const [route] = (await umbrella('default', { set })).filter(({ kind }) => kind === 'HTTPRoute');
  expect(route).toMatchObject({
    apiVersion: 'gateway.networking.k8s.io/v1',
    metadata: { name: 'tmws-gateway-http' },
    spec: {
      parentRefs: gateways,
      hostnames: ['tmws.example.org'],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'tmws-gateway', port: 8080 }] }],
    },
  });
});

test('gRPC is reached by the services that are served, so that one name does for several', async () => {
  const set = { 'workflow-timeline.routes.grpc': { enabled: true, parentRefs: gateways } };
  const [route] = (await umbrella('default', { set })).filter(({ kind }) => kind === 'GRPCRoute');
  const text = JSON.stringify(route?.spec);
  expect(text).toContain('{"method":{"type":"Exact","service":"tmws.timeline.v1.TimelineService"}}');
  expect(text).not.toContain('tmws.alerting');
});

test('engines reach OTLP by its paths', async () => {
  const set = { 'workflow-timeline.routes.otlp-http': { enabled: true, parentRefs: gateways } };
  const [route] = (await umbrella('default', { set })).filter(({ kind }) => kind === 'HTTPRoute');
  expect(JSON.stringify(route?.spec)).toContain('/v1/traces');
  expect(route?.spec).toMatchObject({ rules: [{ backendRefs: [{ name: 'tmws-workflow-timeline', port: 4318 }] }] });
});

test('an Ingress does where there is no Gateway API', async () => {
  const http = {
    ...{ enabled: true, kind: 'Ingress', className: 'nginx', hostnames: ['tmws.example.org'], tlsSecret: 'tmws-tls' },
    annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600' },
  };
  const objects = await umbrella('default', { set: { 'gateway.routes.http': http }, apis: [] });
  const [ingress] = objects.filter(({ kind }) => kind === 'Ingress');
  expect(ingress).toMatchObject({
    metadata: { annotations: http.annotations },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ secretName: 'tmws-tls', hosts: ['tmws.example.org'] }],
      rules: [
        {
          host: 'tmws.example.org',
          http: { paths: [{ path: '/', backend: { service: { name: 'tmws-gateway', port: { name: 'http' } } } }] },
        },
      ],
    },
  });
});

test('a route without a Gateway, and an Ingress without a name, are refused with what is missing', async () => {
  expect(await refusal({ ...values, set: { 'gateway.routes.http.enabled': true } })).toContain('parentRefs');
  const ingress = { 'gateway.routes.http.enabled': true, 'gateway.routes.http.kind': 'Ingress' };
  expect(await refusal({ ...values, set: ingress })).toContain('it would take every request of the controller');
});
