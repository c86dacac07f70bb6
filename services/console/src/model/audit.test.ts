import { auditTypes, factLook, factWords, verdictWords, whoWords } from './audit.ts';

const failed = (reason: string) => factWords({ type: 'tmws.auth.failed', reason });

test('a refusal says in words what was wrong', () => {
  expect(failed('the key tmws_0f3a11aa was revoked')).toBe('refused: key revoked');
  expect(failed('the key tmws_0f3a11aa has expired')).toBe('refused: key expired');
  expect(failed('the secret of the key tmws_0f3a11aa is wrong')).toBe('refused: wrong secret of a key there is');
  expect(failed('there is no such key')).toBe('refused: no such key');
  expect(failed('no credential')).toBe('refused: no credential');
  expect(failed('the session was begun by tmws_0f3a11aa, which is not good any more')).toBe(
    'refused: session over: its key is not good any more',
  );
});

test('a denial says what is missing, and leaves the rest to the row', () => {
  const denied = (reason: string) => factWords({ type: 'tmws.permission.denied', reason });
  expect(
    denied('this needs the scope admin, and "ci" (tmws_0f3a11aa) has read; an admin can give a credential of the role admin'),
  ).toBe('not allowed: needs the scope admin');
  expect(denied('this needs the namespace "team-b", and "ci" has team-a; an admin can give a credential that has it')).toBe(
    'not allowed: needs the namespace "team-b"',
  );
  expect(denied('something else')).toBe('not allowed: something else');
});

test('what admins did is told in words, also where it is the name of an operation', () => {
  const acted = (reason: string) => factWords({ type: 'tmws.admin.acted', reason });
  expect(acted('made the key tmws_0f3a11aa (ci): read in default')).toBe('made the key tmws_0f3a11aa (ci): read in default');
  expect(acted('deleteExecution')).toBe('delete execution');
});

test('a sign-in is told from the first use of a key', () => {
  expect(factWords({ type: 'tmws.auth.succeeded', reason: 'signed in' })).toBe('signed in');
  expect(factWords({ type: 'tmws.auth.succeeded', reason: 'first use from here' })).toBe('came in: first use from here');
});

test('a type this page does not know is shown as it is', () => {
  expect(factWords({ type: 'tmws.other', reason: 'why' })).toBe('tmws.other: why');
  expect(factLook('tmws.other').shape).toBe('question');
  expect(new Set(auditTypes.map(({ type }) => factLook(type).shape)).size).toBe(auditTypes.length);
});

test('nobody known is said to be so', () => {
  expect([whoWords({ principal: '' }), whoWords({ principal: 'ada' })]).toEqual(['nobody known', 'ada']);
});

test('a verdict says how many rows are whole, and where the chain breaks', () => {
  expect(verdictWords({ whole: true, rows: '12042', headHash: 'ab' })).toBe(
    '12,042 rows are as they were written, and none is missing.',
  );
  expect(verdictWords({ whole: true, rows: '3', begins: { seq: '9', droppedAt: '2026-03-01T12:00:00Z' }, headHash: 'ab' })).toBe(
    '3 rows are as they were written, and none is missing. It begins at row 9: what was before was dropped on 2026-03-01 by retention.',
  );
  const broken = { seq: '8', reason: 'row 8 is missing' };
  expect(verdictWords({ whole: false, rows: '7', broken, headHash: 'ab' })).toBe(
    'The chain breaks at row 8: row 8 is missing. The 7 rows before it are as they were written.',
  );
});
