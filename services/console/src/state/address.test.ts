import { linkTo, linkToList, linkToRuns, pageAt, withParameters } from './address.ts';

test.each(['run-42', 'a/b', 'Ärger & 100 %', '…/?#', '日本', 'a b'])(
  'an execution with the id %j has a page of its own',
  (id) => {
    const link = linkTo({ name: 'execution', id }, new URLSearchParams());
    expect(pageAt(new URL(link, 'http://tmws').pathname)).toEqual({ name: 'execution', id });
  },
);

test('a rule has a page of its own, whatever its id', () => {
  const link = linkTo({ name: 'rule', id: 'sign-in/a b' }, new URLSearchParams('namespace=team'));
  expect(link).toBe('/alerts/rules/sign-in%2Fa%20b?namespace=team');
  expect(pageAt('/alerts/rules/sign-in%2Fa%20b')).toEqual({ name: 'rule', id: 'sign-in/a b' });
});

test('the list is at the root', () => {
  expect(pageAt('/')).toEqual({ name: 'executions' });
  expect(linkTo({ name: 'executions' }, new URLSearchParams('status=failed'))).toBe('/');
});

test('a link keeps the namespace and the theme and nothing else', () => {
  const search = new URLSearchParams('namespace=team+a&q=x&sel=1&theme=dark');
  expect(linkTo({ name: 'execution', id: 'r' }, search)).toBe('/executions/r?namespace=team+a&theme=dark');
});

test('the runs of a workflow are a list of their own', () => {
  expect(linkToRuns('nightly & co', new URLSearchParams('theme=dark&sel=1'))).toBe('/?theme=dark&workflow=nightly+%26+co');
  expect(linkToRuns('etl', new URLSearchParams())).toBe('/?workflow=etl');
});

test.each([
  ['/alerts', { name: 'alerts', view: 'groups' }],
  ['/alerts/silences', { name: 'alerts', view: 'silences' }],
  ['/alerts/rules', { name: 'alerts', view: 'rules' }],
  ['/alerts/deliveries', { name: 'alerts', view: 'deliveries' }],
  ['/alerts/receivers', { name: 'alerts', view: 'receivers' }],
  ['/alerts/history', { name: 'alerts', view: 'history' }],
  ['/alerts/00ff7a3c9d2b4e80', { name: 'alert', fingerprint: '00ff7a3c9d2b4e80' }],
  ['/audit', { name: 'audit', view: 'log' }],
  ['/audit/keys', { name: 'audit', view: 'keys' }],
] as const)('%s is an address of its own', (path, page) => {
  expect(pageAt(path)).toEqual(page);
  expect(linkTo(page, new URLSearchParams('type=x&namespace=team'))).toBe(`${path}?namespace=team`);
});

test.each([
  '/nothing',
  '/executions/a/b',
  '/executions/%E0%A4%A',
  '/alerts/rules/a/b',
  '/alerts/rules/%E0%A4%A',
  '/alerts/groups',
  '/alerts/x',
  '/audit/keys/x',
  '/auditor',
])('%s is no page', (path) => {
  expect(pageAt(path)).toEqual({ name: 'nowhere' });
});

test('a parameter set to nothing leaves the address', () => {
  const search = new URLSearchParams('q=x&status=failed');
  expect(withParameters(search, { q: '', sel: 'k' }).toString()).toBe('status=failed&sel=k');
});

test('the way back to the list keeps what it was narrowed to, in the theme of now', () => {
  const leftAs = '?namespace=team+a&q=status%3Afailed&range=7d&sort=-duration&theme=light';
  expect(linkToList(leftAs, new URLSearchParams('namespace=team a&theme=dark&sel=abc'))).toBe(
    '/?namespace=team+a&q=status%3Afailed&range=7d&sort=-duration&theme=dark',
  );
  expect(linkToList('', new URLSearchParams('tab=table'))).toBe('/');
});

test('the list of another namespace is not gone back to', () => {
  expect(linkToList('?q=status%3Afailed', new URLSearchParams('namespace=b'))).toBe('/?namespace=b');
});
