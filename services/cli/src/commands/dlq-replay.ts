import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { printObject } from '../output.ts';

export interface DlqReplayOptions {
  readonly all?: boolean;
  readonly topic?: string;
}

interface Replayed {
  readonly replayed: number;
  readonly missing: readonly string[];
  readonly refused?: readonly { id: string; reason: string }[];
}

/** `tmws dlq replay ID… | --all`: sends refused records again, for example after a repair. @returns 8 when some could not be sent */
export async function dlqReplay(
  context: Context,
  ids: readonly string[],
  { all = false, topic }: DlqReplayOptions,
): Promise<number> {
  if (all === ids.length > 0) {
    throw Failure.of(
      'invalid',
      all ? 'give ids or --all, not both' : 'give the ids of the records, or --all',
      '`tmws dlq list` shows the ids',
    );
  }
  const result = await context
    .client()
    .post<Replayed>('/api/v1/dead-letters/replay', { ...(all ? { all } : { ids }), ...(topic !== undefined && { topic }) });
  const { replayed, missing, refused = [] } = result;
  await printObject(context, result, [['replayed', String(replayed)]]);
  for (const id of missing) context.terminal.tell(`missing: ${id} is not among the dead letters\n`);
  for (const { id, reason } of refused) context.terminal.tell(`refused: ${id}: ${reason}\n`);
  if (missing.length + refused.length === 0) return exitCodes.done;
  return replayed > 0 ? exitCodes.partly : refused.length > 0 ? exitCodes.failed : exitCodes.notFound;
}
