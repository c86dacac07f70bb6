// A broker in a process of its own, to be killed: `node broker-process.ts FOLDER PORT` prints `listening on PORT`.
import { openLog } from '@tmws/log';
import { openLogger } from '@tmws/telemetry';
import { openBroker } from '../src/index.ts';

const [dir = '', port = '0'] = process.argv.slice(2);
const logger = openLogger('broker', 'info');
const log = await openLog({ dir, logger, minFreeBytes: 0, defaults: { segmentBytes: 256 * 1024 } });
if (log.topic('t') === undefined) await log.createTopic('t', { partitions: 2 });
const broker = await openBroker({ log, logger, port: Number(port) });
console.log(`listening on ${broker.port}`);
