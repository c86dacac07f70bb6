import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extractTrace, injectTrace, inSpan, openTracing, SpanKind, traceIdNow } from '../src/index.ts';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('without a collector nothing is sent along and nothing fails', async () => {
  const tracing = await openTracing('quiet', undefined);
  expect(await inSpan('work', SpanKind.INTERNAL, {}, () => injectTrace())).toEqual({});
  await tracing.close();
});

test('spans reach the collector as parts of the trace that came in, and the trace goes along', async () => {
  const bodies: Buffer[] = [];
  const collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const tracing = await openTracing('timeline', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
  const { traceId, sent } = await extractTrace({ traceparent: parent }, () =>
    inSpan('a-span-of-ours', SpanKind.SERVER, { 'rpc.method': 'x' }, () =>
      Promise.resolve({ traceId: traceIdNow(), sent: injectTrace() }),
    ),
  );
  await expect(
    inSpan('a-span-that-fails', SpanKind.INTERNAL, {}, () => Promise.reject(new Error('secret text'))),
  ).rejects.toThrow('secret text');
  await tracing.close();
  collector.close();

  expect(traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(sent.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  const text = Buffer.concat(bodies).toString('latin1');
  expect(text).toContain('a-span-of-ours');
  expect(text).toContain('a-span-that-fails');
  expect(text).toContain(Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex').toString('latin1'));
  // An error's message may hold what nobody should read in a trace.
  expect(text).not.toContain('secret text');
});
