// Five failed sign-ins, from the log to a mailbox of Debian's Exim.
import { openLogger, openMetrics } from '@tmws/telemetry';
import { eventually, startExim } from '@tmws/testkit';
import { quickConfig } from '../src/domain/quick-config.ts';
import { failedSignIns } from '../src/domain/rules/failed-sign-ins.ts';
import { observedEvents } from '../src/inbound/events.ts';
import { type AnyRule, observeEvents } from '../src/usecases/observe-events.ts';
import { eventOf, openPartition } from './log-partition.ts';
import { openReplica, openTestDatabase } from './open-core.ts';
import { openReceiver } from './open-receiver.ts';

const installLimitMs = 300_000;

test(
  'five failed sign-ins are one mail',
  async () => {
    await using exim = await startExim();
    await using database = await openTestDatabase();
    const { sink } = await openReceiver(
      'email_configs: [{to: ops@example.org}]',
      `global: {smtp_smarthost: "${exim.host}:${exim.port}", smtp_from: tmws@example.org, smtp_require_tls: false}`,
    );
    const config = quickConfig({ smtpUrl: `smtp://${exim.host}:${exim.port}`, emailTo: 'ops@example.org' });
    const core = openReplica(database, {
      ...{ name: 'one', config, clock: Date.now, sent: [] },
      answer: ({ notification }) => sink('email/0')(notification),
    });
    const door = observedEvents({
      observe: observeEvents({
        derive: core.derive,
        rules: [failedSignIns({ raiseAt: 5, windowMs: 300_000 })] as AnyRule[],
        tooOldMs: 86_400_000,
        mostKeys: 1_000,
        observed: () => undefined,
      }),
      ...{ stored: () => undefined, clock: Date.now, logger: openLogger('test', 'silent'), metrics: openMetrics() },
    });
    const log = openPartition('tmws.security', 0);
    try {
      for (let i = 0; i < 5; i++)
        await door.handle([
          log.events(eventOf('tmws.auth.failed', `a/${i}`, Date.now(), { principal: 'ann', sourceIp: '203.0.113.7' })),
        ]);
      await eventually(async () => expect(await exim.mails()).toHaveLength(1), { timeoutMs: 20_000 });
      expect((await exim.mails())[0]).toMatch(/^Subject: \[FIRING:2\] FailedSignIns/m);
      const ledger = await database.db.query(`SELECT status FROM ${database.schema}.notifications`);
      expect(ledger).toEqual([{ status: 'sent' }]);
    } finally {
      await core.close();
    }
  },
  installLimitMs,
);
