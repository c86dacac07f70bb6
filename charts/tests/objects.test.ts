// Rule 2: what every object has.
import { containersOf, type Manifest, ofKind, podsOf, titleOf } from '../../tools/charts/manifest.ts';
import { everyValuesFile, rendered, umbrella } from './rendered.ts';

const standard = ['name', 'instance', 'version', 'part-of', 'managed-by'].map((word) => `app.kubernetes.io/${word}`);

test.each(everyValuesFile)('%s gives every object its namespace and the standard labels', async (_, options) => {
  for (const object of await rendered(options)) {
    expect([titleOf(object), object.metadata.namespace]).toEqual([titleOf(object), 'tmws-system']);
    expect([titleOf(object), standard.filter((label) => !object.metadata.labels?.[label])]).toEqual([titleOf(object), []]);
  }
});

test.each(everyValuesFile)('%s has no two objects of one kind and name', async (_, options) => {
  const titles = (await rendered(options)).map((object) => `${object.apiVersion} ${titleOf(object)}`);
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
});

test.each(everyValuesFile)('%s says the protocol of every port', async (_, options) => {
  const objects = await rendered(options);
  const ports = [
    ...podsOf(objects).flatMap(({ title, pod }) =>
      containersOf(pod).flatMap(({ ports = [] }) => ports.map((port) => ({ title, port }))),
    ),
    ...ofKind(objects, 'Service').flatMap((object) => object.spec.ports.map((port) => ({ title: titleOf(object), port }))),
    ...ofKind(objects, 'NetworkPolicy').flatMap((object) =>
      [...(object.spec.ingress ?? []), ...(object.spec.egress ?? [])].flatMap(({ ports: rule = [] }) =>
        rule.map((port) => ({ title: titleOf(object), port })),
      ),
    ),
  ];
  expect(ports.filter(({ port }) => !['TCP', 'UDP'].includes(port.protocol ?? ''))).toEqual([]);
});

/** What a selector says of each object that has one and cannot change it, or that would lose its pods. */
const selectorsOf = (objects: readonly Manifest[]) =>
  Object.fromEntries(
    objects.flatMap((object) => {
      const { selector, podSelector } = (object.spec as { selector?: unknown; podSelector?: unknown } | undefined) ?? {};
      const found = selector ?? podSelector;
      return found === undefined ? [] : [[titleOf(object), found]];
    }),
  );

test('selectors are the name and the instance, and nothing that an upgrade changes', async () => {
  for (const { metadata, spec } of ofKind(await umbrella('default'), 'Deployment')) {
    expect(spec.selector).toEqual({
      matchLabels: {
        'app.kubernetes.io/name': metadata.labels?.['app.kubernetes.io/name'],
        'app.kubernetes.io/instance': 'tmws',
      },
    });
  }
});

test.each(['minimal', 'ha', 'mesh-istio', 'mesh-linkerd', 'external-db', 'openshift', 'keda', 'observability'])(
  'going from the default values to %s changes no selector',
  async (name) => {
    const [before, after] = [selectorsOf(await umbrella('default')), selectorsOf(await umbrella(name))];
    for (const [title, selector] of Object.entries(after)) {
      if (title in before) expect([title, selector]).toEqual([title, before[title]]);
    }
  },
);

test.each(everyValuesFile)('%s selects pods it makes', async (_, options) => {
  const objects = await rendered(options);
  const pods = podsOf(objects).map(({ labels = {} }) => labels);
  const picks = (selector: Readonly<Record<string, string>>) =>
    pods.some((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value));
  for (const object of ofKind(objects, 'Service'))
    expect([titleOf(object), picks(object.spec.selector)]).toEqual([titleOf(object), true]);
  for (const object of [...ofKind(objects, 'PodDisruptionBudget'), ...ofKind(objects, 'Deployment')]) {
    expect([titleOf(object), picks(object.spec.selector?.matchLabels ?? {})]).toEqual([titleOf(object), true]);
  }
});
