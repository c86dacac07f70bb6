import type { AlertStore } from '../ports.ts';
import { openConfigInForce } from './load-alertmanager-config.ts';

const file = `
route: { receiver: ops, routes: [{ receiver: ops, matchers: ['"team name"="db"'] }] }
receivers: [{ name: ops }]
`;

const open = (matchers: 'classic' | 'utf8' | undefined) =>
  openConfigInForce({
    store: { write: () => Promise.resolve([]) } as unknown as AlertStore,
    clock: () => 0,
    source: { name: 'alertmanager.yml', read: () => Promise.resolve(file) },
    ...(matchers !== undefined && { matchers }),
    prepare: () => undefined,
    bypass: () => [],
    placed: () => undefined,
  });

test('a file is read with the matchers that were asked for: quoted names are none of the classic ones', async () => {
  await expect(open('classic')).rejects.toThrow(/alertmanager\.yml: .*team name/s);
  for (const mode of ['utf8', undefined] as const) {
    const { current } = await open(mode);
    expect([...current().routes.keys()]).toEqual(['{}', '{}/{"team name"="db"}/0']);
  }
});
