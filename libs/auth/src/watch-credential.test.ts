import { Problem } from '@tmws/problems';
import { watchCredential } from './watch-credential.ts';

test('it ends when the credential is refused, once, and not when nobody can say', async () => {
  const answers = [
    undefined,
    new Problem('unavailable', 'the database is away'),
    undefined,
    new Problem('unauthenticated', 'revoked'),
  ];
  let looked = 0;
  const problem = await new Promise<Problem>((ended) => {
    const look = (): Promise<void> => {
      const answer = answers[looked++];
      return answer === undefined ? Promise.resolve() : Promise.reject(answer);
    };
    watchCredential(look, { everyMs: 1, over: new AbortController().signal, ended });
  });
  expect([looked, problem.message]).toEqual([4, 'revoked']);
});

test('what is over is looked at no more', async () => {
  const over = new AbortController();
  const looks: number[] = [];
  await new Promise<void>((resolve) => {
    const look = (): Promise<void> => {
      looks.push(looks.length);
      over.abort();
      setImmediate(resolve);
      return Promise.reject(new Problem('unauthenticated', 'revoked'));
    };
    watchCredential(look, { everyMs: 1, over: over.signal, ended: () => looks.push(-1) });
  });
  expect(looks).toEqual([0]);
});
