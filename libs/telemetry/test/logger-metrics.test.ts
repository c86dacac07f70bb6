import { Writable } from 'node:stream';
import { openLogger, openMetrics } from '../src/index.ts';

test('a log line is JSON with service and time, and holds no secret', () => {
  const lines: string[] = [];
  const destination = new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) });
  const logger = openLogger('gateway', 'info', destination);
  logger.debug('too quiet');
  logger.info({ password: 'hunter2', headers: { authorization: 'Bearer abc', accept: '*/*' } }, 'signed in');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    service: 'gateway',
    msg: 'signed in',
    password: '[redacted]',
    headers: { authorization: '[redacted]', accept: '*/*' },
  });
});

test('metrics asked for twice are one, and are told in the exposition format', async () => {
  const metrics = openMetrics();
  metrics.counter('tmws_things_total', 'things', ['kind']).inc({ kind: 'a' });
  metrics.counter('tmws_things_total', 'things', ['kind']).inc({ kind: 'a' });
  expect(await metrics.text()).toMatch(
    /# HELP tmws_things_total things\n# TYPE tmws_things_total counter\ntmws_things_total\{kind="a"\} 2\n/,
  );
});
