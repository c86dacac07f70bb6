// Who may come in is decided elsewhere; here, what Alertmanager's port says of it.
import { openHttpServer } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { endpoints } from '../src/inbound/am-v2/endpoint.ts';
import { alertmanagerPages } from '../src/inbound/am-v2/pages.ts';

const tooMany = new Problem('limited', 'too many credentials were not good', { retryAfterMs: 39_500 });

test('who tried too many credentials is told when to come again, at the API and beside it', async () => {
  const [logger, metrics] = [openLogger('test', 'silent'), openMetrics()];
  const server = openHttpServer({ host: '127.0.0.1', port: 0, logger, metrics });
  const refuse = (): Promise<void> => Promise.reject(tooMany);
  server.mount('/api/v2', endpoints([{ path: '/alerts', methods: { GET: refuse } }], logger));
  const config = { board: new Map() as never, reload: refuse, last: () => ({ ok: true, atMs: 0, refused: '' }) };
  server.mount('/', alertmanagerPages({ config, ready: () => true, clock: Date.now, logger, metrics, admit: refuse }));
  const port = await server.listen();
  try {
    const api = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`);
    expect([api.status, api.headers.get('retry-after')]).toEqual([429, '40']);
    expect(await api.json()).toEqual({ code: 429, message: tooMany.message });
    const reload = await fetch(`http://127.0.0.1:${port}/-/reload`, { method: 'POST' });
    expect([reload.status, reload.headers.get('retry-after'), await reload.text()]).toEqual([429, '40', `${tooMany.message}\n`]);
  } finally {
    await server.close();
  }
});
