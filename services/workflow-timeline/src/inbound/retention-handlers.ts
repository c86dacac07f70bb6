import type { Handlers, RetentionService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { RetentionStore } from '../ports.ts';
import type { deleteExecution } from '../usecases/delete-execution.ts';
import type { lookAtRetention, RetentionView } from '../usecases/look-at-retention.ts';

interface RetentionHandlersOptions {
  readonly store: RetentionStore;
  readonly look: ReturnType<typeof lookAtRetention>;
  readonly remove: ReturnType<typeof deleteExecution>;
  /** A deletion waits in the outbox. */
  readonly removed: () => void;
}

const maxDays = 3650;

/** RetentionService over the use cases. */
export function retentionHandlers(options: RetentionHandlersOptions): Handlers<typeof RetentionService.method> {
  const { store, look, remove, removed } = options;
  return {
    async getRetention({ days }, { caller }) {
      return message(await look(caller.namespace, checkedDays(days)));
    },
    async setRetention({ days, revision }, { caller }) {
      await store.setRule(caller.namespace, checkedDays(days), revision);
      return message(await look(caller.namespace, undefined));
    },
    async deleteExecution({ id, force }, { caller }) {
      await remove({ namespace: caller.namespace, id }, force);
      removed();
      return {};
    },
  };
}

function checkedDays(days: number | undefined): number | undefined {
  if (days !== undefined && days > maxDays)
    throw new Problem('invalid', `days must be 1 to ${maxDays}, or 0 for ever (got ${days})`, { field: 'days' });
  return days;
}

function message({ oldestDay, forecast, ...view }: RetentionView) {
  const { bytes, bytesPerDay, ...rest } = forecast;
  return {
    ...view,
    executions: BigInt(view.executions),
    facts: BigInt(view.facts),
    bytes: BigInt(view.bytes),
    oldestDay: oldestDay === undefined ? '' : new Date(oldestDay * 86_400_000).toISOString().slice(0, 10),
    forecast: { ...rest, bytesPerDay: BigInt(bytesPerDay), ...(bytes !== undefined && { bytes: BigInt(bytes) }) },
  };
}
