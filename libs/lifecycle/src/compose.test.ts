import { openLogger } from '@tmws/telemetry';
import { type App, compose } from './compose.ts';

let done: string[];
let lines: string[];
const options = (stopBudgetMs = 10_000) => ({
  stopBudgetMs,
  logger: openLogger('test', 'info', { write: (line: string) => void lines.push(line) }),
});
const logged = (): { step: string; err: { message: string }; msg: string }[] =>
  lines.map((line) => JSON.parse(line) as { step: string; err: { message: string }; msg: string });

beforeEach(() => {
  done = [];
  lines = [];
});

/** Something that notes when it is closed, some turns of the event loop later. */
const thing = (name: string) => ({
  name,
  async close(): Promise<void> {
    done.push(`closing ${name}`);
    await new Promise(setImmediate);
    done.push(`closed ${name}`);
  },
});

test('what was opened last is closed first, each before the next', async () => {
  const { stop } = await compose(options(), (app) => {
    app.closing('a', thing('a'));
    app.onStop('b', () => void done.push('b stopped'));
    app.closing('c', thing('c'));
    return Promise.resolve();
  });
  expect(done).toEqual([]);
  await stop();
  expect(done).toEqual(['closing c', 'closed c', 'b stopped', 'closing a', 'closed a']);
  expect(lines).toEqual([]);
});

test('opening gives the opened thing back', async () => {
  await compose(options(), (app) => {
    const a = thing('a');
    expect(app.closing('a', a)).toBe(a);
    return Promise.resolve();
  });
});

test('stopping twice, also at once, stops once', async () => {
  const { stop } = await compose(options(), (app) => {
    app.closing('a', thing('a'));
    return Promise.resolve();
  });
  await Promise.all([stop(), stop()]);
  await stop();
  expect(done).toEqual(['closing a', 'closed a']);
});

test('an opening that fails half-way closes what was opened, and its error is the one that is thrown', async () => {
  const thrown = new Error('the third does not open');
  const composing = compose(options(), async (app) => {
    app.closing('a', thing('a'));
    app.closing('b', thing('b'));
    await new Promise(setImmediate);
    throw thrown;
  });
  await expect(composing).rejects.toBe(thrown);
  expect(done).toEqual(['closing b', 'closed b', 'closing a', 'closed a']);
});

test.each([
  ['rejects', () => Promise.reject(new Error('stuck'))],
  [
    'throws',
    (): void => {
      throw new Error('stuck');
    },
  ],
])('a step that %s is named, and the rest goes on', async (_how, step) => {
  const { stop } = await compose(options(), (app) => {
    app.closing('a', thing('a'));
    app.onStop('the broken one', step);
    app.closing('c', thing('c'));
    return Promise.resolve();
  });
  await stop();
  expect(done).toEqual(['closing c', 'closed c', 'closing a', 'closed a']);
  expect(logged()).toMatchObject([{ step: 'the broken one', err: { message: 'stuck' }, msg: 'a step of stopping failed' }]);
});

test('a step that fails while an opening that failed is undone does not hide why', async () => {
  const composing = compose(options(), (app) => {
    app.onStop('the broken one', () => Promise.reject(new Error('stuck')));
    throw new Error('the second does not open');
  });
  await expect(composing).rejects.toThrow('the second does not open');
  expect(logged()).toMatchObject([{ step: 'the broken one' }]);
});

test('a budget bounds stopping: what takes longer is given up by name, what comes after is still begun', async () => {
  const { stop } = await compose(options(50), (app: App) => {
    app.onStop('quick', () => void done.push('quick'));
    app.onStop('endless', () => new Promise(() => undefined));
    return Promise.resolve();
  });
  const beganMs = performance.now();
  await stop();
  expect(performance.now() - beganMs).toBeLessThan(2000);
  expect(done).toEqual(['quick']);
  expect(logged()).toMatchObject([{ step: 'endless', err: { message: 'the stop budget is spent' } }]);
});
