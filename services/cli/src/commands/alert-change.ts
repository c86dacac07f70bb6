import type { ChangeAlertsResponseJson, ListAlertsResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { filterOf, isFingerprint } from '../label-words.ts';
import { printList } from '../output.ts';
import { alertColumns, alertsPath } from './alert-list.ts';

const mostAtOnce = 1000;

/** `tmws alert ack`: you look after them. */
export const alertAck = (
  context: Context,
  given: readonly string[],
  { comment, take }: { comment?: string; take?: boolean },
): Promise<number> => changeAlerts(context, 'acknowledge', given, { comment, assign: take });

/** `tmws alert unack`: nobody does any more. */
export const alertUnack = (context: Context, given: readonly string[], { comment }: { comment?: string }): Promise<number> =>
  changeAlerts(context, 'unacknowledge', given, { comment });

/** `tmws alert assign NAME`: whose they are. */
export const alertAssign = (
  context: Context,
  name: string,
  given: readonly string[],
  { comment }: { comment?: string },
): Promise<number> => changeAlerts(context, 'assign', given, { assignee: name === 'nobody' ? '' : name, comment });

/** `tmws alert comment TEXT`: a note in their history. */
export const alertComment = (context: Context, text: string, given: readonly string[]): Promise<number> =>
  changeAlerts(context, 'comment', given, { text });

/** What was said, to the path of that word, of alerts that are named or matched. */
export async function changeAlerts(context: Context, word: string, given: readonly string[], rest: object): Promise<number> {
  const fingerprints = await meant(context, given);
  const { items = [], unknown = [] } = await context
    .client()
    .post<ChangeAlertsResponseJson>(`${alertsPath}/${word}`, { fingerprints, ...rest });
  await printList(context, alertColumns(context), items);
  if (unknown.length === 0) return exitCodes.done;
  context.terminal.tell(`tmws: not firing: ${unknown.join(', ')}\n`);
  return items.length === 0 ? exitCodes.notFound : exitCodes.partly;
}

/** Fingerprints as they are; else all alerts that match all matchers. */
async function meant(context: Context, given: readonly string[]): Promise<readonly string[]> {
  if (given.every(isFingerprint)) return given;
  if (given.some(isFingerprint))
    throw Failure.of('invalid', 'give fingerprints, or matchers, not both', undefined, exitCodes.usage);
  const client = context.client();
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get<ListAlertsResponseJson>(alertsPath, { filter: given.map(filterOf), limit: 500, cursor });
    if ((page.total ?? 0) > mostAtOnce) {
      const hint = 'narrow them by a matcher, or give fingerprints';
      throw Failure.of(
        'invalid',
        `${page.total ?? 0} alerts match, and at most ${mostAtOnce} are changed at once`,
        hint,
        exitCodes.usage,
      );
    }
    found.push(...(page.items ?? []).map(({ fingerprint = '' }) => fingerprint));
    cursor = page.nextCursor === '' ? undefined : page.nextCursor;
  } while (cursor !== undefined);
  if (found.length === 0) throw Failure.of('not_found', `nothing that fires matches ${given.join(' ')}`);
  return found;
}
