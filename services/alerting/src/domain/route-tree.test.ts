import fc from 'fast-check';
import { parseMatchers } from './matcher-text.ts';
import { explainRoutes, type RouteDefinition, routeOf, routesFor } from './route-tree.ts';

const route = (matchers: string, more: Partial<RouteDefinition> = {}): RouteDefinition => ({
  matchers: parseMatchers(matchers, 'utf8'),
  continues: false,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
  ...more,
});
const tree = routeOf(
  route('', {
    receiver: 'all',
    groupBy: ['alertname'],
    groupWaitMs: 1,
    routes: [
      route('team="db"', {
        receiver: 'db',
        continues: true,
        groupBy: 'all',
        routes: [route('b=~"x|y",a="1"', { receiver: 'deep' })],
      }),
      route('team=~"db|web"', { muteTimeIntervals: ['night'], repeatIntervalMs: 7 }),
      route('team="web"', { receiver: 'web' }),
    ],
  }),
);

test.each([
  [{}, ['{}']],
  [{ team: 'db' }, ['{}/{team="db"}', '{}/{team=~"db|web"}']],
  [{ team: 'db', a: '1', b: 'y' }, ['{}/{team="db"}/{a="1",b=~"x|y"}', '{}/{team=~"db|web"}']],
  [{ team: 'web' }, ['{}/{team=~"db|web"}']],
])('R1 R2 R3 %j is taken by %j', (labels, keys) => {
  expect(routesFor(tree, labels).map(({ key }) => key)).toEqual(keys);
});

test('options are the parent’s where a route says nothing; intervals are its own', () => {
  const [db, muted] = tree.routes;
  expect(db?.options).toMatchObject({
    receiver: 'db',
    groupBy: 'all',
    groupWaitMs: 1,
    groupIntervalMs: 300_000,
    repeatIntervalMs: 14_400_000,
  });
  expect(db?.routes[0]?.options).toMatchObject({ receiver: 'deep', groupBy: 'all' });
  expect(muted?.options).toMatchObject({
    receiver: 'all',
    groupBy: ['alertname'],
    repeatIntervalMs: 7,
    muteTimeIntervals: ['night'],
  });
});

test('ids differ where keys do not', () => {
  const twins = routeOf(route('', { routes: [route('a="1"'), route('a="1"')] }));
  expect(twins.routes.map(({ id, key }) => [id, key])).toEqual([
    ['{}/{a="1"}/0', '{}/{a="1"}'],
    ['{}/{a="1"}/1', '{}/{a="1"}'],
  ]);
});

test('an explanation names what decided at every route', () => {
  expect(
    explainRoutes(tree, { team: 'web' }).map(({ route: { key }, depth, outcome, reason }) => [depth, key, outcome, reason]),
  ).toEqual([
    [0, '{}', 'passes', 'it has no matchers, so everything matches; 1 below it took the alert'],
    [1, '{}/{team="db"}', 'does not match', 'team="db" does not hold: the alert has team="web"'],
    [1, '{}/{team=~"db|web"}', 'takes', '{team=~"db|web"} holds, and none below it'],
    [1, '{}/{team="web"}', 'skipped', '{}/{team=~"db|web"} came before it, took the alert, and does not continue'],
  ]);
});

const { definition } = fc.letrec<{ definition: RouteDefinition }>((tie) => ({
  definition: fc
    .record({
      matchers: fc.constantFrom('', 'a="1"', 'a!="1"', 'b=~"x|y"', 'c=""'),
      continues: fc.boolean(),
      routes: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('definition'), { maxLength: 3 })),
    })
    .map(({ matchers, ...more }) => route(matchers, more)),
}));

test('E1 R3 an explanation takes what routing takes, and somebody always does', () => {
  const labels = fc.record({ a: fc.constantFrom('1', '2'), b: fc.constantFrom('x', 'z'), c: fc.constantFrom('', '3') });
  fc.assert(
    fc.property(fc.array(definition, { maxLength: 4 }), labels, (routes, set) => {
      const root = routeOf(route('', { routes }));
      const taken = routesFor(root, set).map(({ id }) => id);
      expect(taken.length).toBeGreaterThan(0);
      expect(
        explainRoutes(root, set)
          .filter(({ outcome }) => outcome === 'takes')
          .map(({ route: { id } }) => id),
      ).toEqual(taken);
    }),
  );
});
