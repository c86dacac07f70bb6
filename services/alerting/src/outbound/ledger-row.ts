// What becomes of a notification's own row.
import type { Queryable } from '@tmws/postgres';
import type { LedgerStore } from '../ledger-ports.ts';
import type { Delivery, TakenNotification } from '../ports.ts';

export interface Finishing {
  readonly notification: TakenNotification;
  readonly delivery: Delivery;
  readonly nowMs: number;
  readonly told: Parameters<LedgerStore['finish']>[3];
}

export function rowAfter({ delivery, nowMs }: Finishing) {
  const again = !delivery.sent && delivery.retryAtMs !== undefined;
  return {
    status: delivery.sent ? 'sent' : again ? 'pending' : 'dead',
    dueMs: Math.floor(again ? delivery.retryAtMs : nowMs),
    error: delivery.sent ? '' : delivery.error,
    receipt: delivery.sent ? delivery.receipt : '',
    progress: delivery.sent ? '' : (delivery.progress ?? null),
    finishedMs: again ? null : Math.floor(nowMs),
  };
}

/** @returns false if it is another's, or finished: nothing was written */
export async function writeRow(tx: Queryable, schema: string, one: Finishing): Promise<boolean> {
  const { id, epoch } = one.notification;
  const { status, dueMs, error, receipt, finishedMs, progress } = rowAfter(one);
  const mine = await tx.query(
    `UPDATE ${schema}.notifications SET status = $3, due_ms = $4, error = $5, receipt = $6, finished_ms = $7,
       progress = coalesce($8, progress), owner = NULL, lease_until = NULL
     WHERE id = $1 AND epoch = $2 AND status = 'sending' RETURNING 1 AS one`,
    [id, epoch, status, dueMs, error, receipt, finishedMs, progress],
  );
  return mine.length > 0;
}
