import { ImportService, openGrpcClient, openGrpcServer, type Handlers, type StartImportRequest } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { failure, options } from './open-pair.ts';

type StartImport = Handlers<typeof ImportService.method>['startImport'];

async function openUpload(startImport: StartImport) {
  const server = openGrpcServer({ host: '127.0.0.1', port: 0, logger: openLogger('test', 'silent'), metrics: openMetrics() });
  server.add(ImportService, { startImport } as Handlers<typeof ImportService.method>);
  const address = `127.0.0.1:${await server.listen()}`;
  const client = openGrpcClient(ImportService, () => address, { timeoutMs: 10_000 });
  const close = async (): Promise<void> => {
    client.close();
    await server.close(0);
  };
  return { client, [Symbol.asyncDispose]: close };
}

const chunk = (bytes: number): { part: { case: 'chunk'; value: Uint8Array } } => ({
  part: { case: 'chunk', value: new Uint8Array(bytes) },
});

async function sizeOf(requests: AsyncIterable<StartImportRequest>): Promise<number> {
  let bytes = 0;
  for await (const { part } of requests) if (part.case === 'chunk') bytes += part.value.length;
  return bytes;
}

test('what is sent in pieces arrives whole, however much it is', async () => {
  await using upload = await openUpload(async (requests) => ({ operation: { total: await sizeOf(requests) } }));
  const { operation } = await upload.client.startImport(
    (async function* () {
      for (let i = 0; i < 200; i++) yield await Promise.resolve(chunk(64 * 1024));
    })(),
    options,
  );
  expect(operation?.total).toBe(200 * 64 * 1024);
});

test('a sender is told at once when the rest is not wanted, and stops', async () => {
  await using upload = await openUpload(async (requests) => {
    await requests[Symbol.asyncIterator]().next();
    throw new Problem('too_large', 'that is enough', { field: 'chunk' });
  });
  let sent = 0;
  const endless = (async function* () {
    for (;;) {
      sent++;
      yield await Promise.resolve(chunk(64 * 1024));
    }
  })();
  const told = await failure(upload.client.startImport(endless, options));
  expect(told).toMatchObject({ kind: 'too_large', message: 'that is enough', field: 'chunk' });
  expect(sent).toBeLessThan(1000);
});

test('what breaks off at the sender is its problem, and the receiver hears of it', async () => {
  const heard = Promise.withResolvers<boolean>();
  const begun = Promise.withResolvers<boolean>();
  await using upload = await openUpload(async (requests, { signal }) => {
    signal.addEventListener('abort', () => heard.resolve(true));
    begun.resolve(true);
    return { operation: { total: await sizeOf(requests) } };
  });
  const broken = (async function* () {
    yield chunk(10);
    await begun.promise;
    throw new Problem('invalid', 'the body ended before it was whole');
  })();
  expect(await failure(upload.client.startImport(broken, options))).toMatchObject({
    message: 'the body ended before it was whole',
  });
  expect(await heard.promise).toBe(true);
});
