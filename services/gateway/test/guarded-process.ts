// A process to be killed: `node guarded-process.ts DATA_DIR CACHE_DIR ADMIN_KEY` runs the gateway with sign-in on and an embedded database.
import { loadHostConfig, openHost } from '@tmws/lifecycle';
import { createApp, loadConfig } from '../src/app.ts';
import { openMemoryLog } from './memory-log.ts';

const [dataDir = '', cacheDir = '', adminKey = ''] = process.argv.slice(2);
const config = loadHostConfig('gateway', {
  TMWS_HTTP_PORT: '0',
  TMWS_GRPC_PORT: '0',
  TMWS_ADMIN_PORT: '0',
  TMWS_LOG_LEVEL: 'silent',
  TMWS_AUTH: 'on',
  TMWS_ADMIN_KEY: adminKey,
  TMWS_DATA_DIR: dataDir,
  TMWS_CACHE_DIR: cacheDir,
});
const host = await openHost({ name: 'gateway', config, brokers: ['127.0.0.1:1'] });
await createApp(loadConfig({ GATEWAY_TIMELINE_ADDRESS: '127.0.0.1:1', GATEWAY_SIGN_IN_LIMIT: '0' }), host, {
  events: openMemoryLog(),
  consoleFiles: () => Promise.resolve({ index: '', files: new Map() }),
});
const { http } = await host.listen();
console.log(`ready ${String(http)}`);
