import type { Handlers, RetentionService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';

export type RetentionHandlers = Handlers<(typeof RetentionService)['method']>;

/** 30 days, at revision 4; the execution `run-42` runs. */
export function cannedRetention(): RetentionHandlers {
  const kept = {
    namespace: 'default',
    days: 30,
    defaultDays: 30,
    revision: 4n,
    executions: 2n,
    facts: 9n,
    bytes: 65_536n,
    oldestDay: '2026-02-01',
    forecast: { days: 30, bytesPerDay: 1024n, measuredDays: 7, bytes: 31_744n },
  };
  return {
    getRetention: () => Promise.resolve(kept),
    setRetention: async ({ days, revision }) => {
      if (revision !== undefined && revision !== 4n) throw new Problem('stale', 'retention was set by someone else meanwhile');
      return Promise.resolve({ ...kept, days: days ?? 30, own: days !== undefined, revision: 5n });
    },
    deleteExecution: async ({ id, force }) => {
      if (id !== 'run-42') throw new Problem('not_found', `there is no execution ${JSON.stringify(id)}`);
      if (!force) throw new Problem('precondition', 'the execution "run-42" is running', { field: 'force' });
      return Promise.resolve({});
    },
  };
}
