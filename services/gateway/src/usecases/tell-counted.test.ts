import { openRefusals, type SecurityFact } from '@tmws/auth';
import { openLogger } from '@tmws/telemetry';
import { tellCounted } from './tell-counted.ts';

const source = { ip: '10.0.0.7', userAgent: '', method: 'GET /', resource: '/' };
const fact: SecurityFact = {
  ...{ type: 'tmws.auth.failed', principal: '', by: 'anonymous', credential: '' },
  ...{ source, reason: 'there is no such key', namespace: '' },
};

test('what was counted is stored when the process stops; what could not be stored is not lost', async () => {
  const refusals = openRefusals({ limit: 1, clock: () => 0 });
  for (let n = 0; n < 4; n++) refusals.take('wrong', fact);
  const logger = openLogger('test', 'silent');
  const away = tellCounted({ refusals, audit: { record: () => Promise.reject(new Error('away')) }, logger });
  await away.close();
  const stored: SecurityFact[] = [];
  const audit = { record: (count: SecurityFact) => Promise.resolve(void stored.push(count)) };
  await tellCounted({ refusals, audit, logger }).close();
  expect(stored).toMatchObject([{ times: 3, reason: 'and 3 more refused within a minute' }]);
});
