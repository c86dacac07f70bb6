import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Handlers, Matcher, SilenceSchema, SilenceService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { operatorOf } from '../../domain/matcher.ts';
import { PatternFault } from '../../domain/pattern.ts';
import { type SilenceMatcher, type SilenceState, silenceState } from '../../domain/silence.ts';
import type { Clock, StoredSilence } from '../../ports.ts';
import type { FiringView } from '../../usecases/firing-alerts.ts';
import { comparePlaces, pageOf, pageSize, type Place, placeOf } from '../../usecases/page.ts';
import type { Silences } from '../../usecases/silences.ts';
import type { suggestSilence } from '../../usecases/suggest-silence.ts';
import { type AlertMessages, instant } from './alert-messages.ts';
import { givenText, instantOf } from './requests.ts';

interface SilenceHandlersOptions {
  readonly silences: Silences;
  readonly messages: AlertMessages;
  readonly suggest: ReturnType<typeof suggestSilence>;
  readonly firing: (namespace: string) => FiringView;
  readonly clock: Clock;
}

type SilenceMessage = MessageInitShape<typeof SilenceSchema>;

const states: readonly string[] = ['active', 'pending', 'expired'];
const operators: readonly string[] = ['=', '!=', '=~', '!~'];
const mostSuggested = 200;
const usuallySuggested = 20;

/** SilenceService over the use cases. */
export function silenceHandlers({
  silences,
  messages,
  suggest,
  firing,
  clock,
}: SilenceHandlersOptions): Handlers<typeof SilenceService.method> {
  const message = (silence: StoredSilence, namespace: string): SilenceMessage => {
    const muted = firing(namespace).alerts.filter(({ status }) => status.silencedBy.includes(silence.id)).length;
    return silenceMessage(silence, silenceState(silence, clock()), muted);
  };
  const find = (namespace: string, id: string): StoredSilence => {
    const silence = silences.find(namespace, id);
    if (silence !== undefined) return silence;
    throw new Problem('not_found', `there is no silence ${JSON.stringify(id.slice(0, 80))}, or it expired long ago`, {
      field: 'id',
    });
  };
  return {
    async listSilences({ states: wanted, limit, cursor }, { caller: { namespace } }) {
      const strange = wanted.find((state) => !states.includes(state));
      if (strange !== undefined) {
        throw new Problem('invalid', `state must be some of ${states.join(', ')} (got ${JSON.stringify(strange.slice(0, 80))})`, {
          field: 'state',
        });
      }
      const paging = { limit: pageSize(limit), after: placeOf(cursor, ['number', 'number', 'string']) };
      const found = silences.list(namespace).filter(({ state }) => wanted.length === 0 || wanted.includes(state));
      const placed = found
        .map((each) => ({ ...each, place: placeOfSilence(each) }))
        .sort((a, b) => comparePlaces(a.place, b.place));
      const { items, nextCursor, total } = pageOf(placed, ({ place }) => place, paging);
      const muted = new Map<string, number>();
      for (const { status } of firing(namespace).alerts)
        for (const id of status.silencedBy) muted.set(id, (muted.get(id) ?? 0) + 1);
      const messages = items.map(({ silence, state }) => silenceMessage(silence, state, muted.get(silence.id) ?? 0));
      return Promise.resolve({ items: messages, nextCursor, total });
    },
    async getSilence({ id }, { caller: { namespace } }) {
      return Promise.resolve(message(find(namespace, id), namespace));
    },
    async putSilence({ id, matchers, startsAt, endsAt, comment }, { caller: { namespace, principal } }) {
      if (endsAt === undefined) throw new Problem('invalid', 'endsAt must be given: a silence ends', { field: 'endsAt' });
      if (comment.trim() === '')
        throw new Problem('invalid', 'comment must say why: who is on duty at night wants to know', { field: 'comment' });
      const known = id === '' ? undefined : find(namespace, id);
      // Who leaves the start of an active one out means the start it has.
      const startsAtMs =
        startsAt === undefined ? Math.min(known?.startsAtMs ?? Infinity, clock()) : instantOf(startsAt, 'startsAt');
      const answer = await silences.put(namespace, {
        id,
        matchers: matchers.map(readMatcher),
        startsAtMs,
        endsAtMs: instantOf(endsAt, 'endsAt'),
        createdBy: principal,
        comment: givenText(comment, 'comment'),
      });
      if (answer.kind === 'put') return message(answer.silence, namespace);
      if (answer.kind === 'unknown') throw new Problem('not_found', `there is no silence ${JSON.stringify(id)}`, { field: 'id' });
      throw new Problem('invalid', answer.faults.join('; '), { field: fieldOf(answer.faults) });
    },
    async expireSilence({ id }, { caller: { namespace } }) {
      find(namespace, id);
      await silences.expire(namespace, id);
      return message(find(namespace, id), namespace);
    },
    async suggestSilence({ matchers, limit }, { caller: { namespace } }) {
      if (limit > mostSuggested)
        throw new Problem('invalid', `limit must be 1 to ${mostSuggested}, or 0 for ${usuallySuggested} (got ${limit})`, {
          field: 'limit',
        });
      const { now, lastDay, lastWeek } = await suggest(namespace, matchers.map(readMatcher)).catch(sayPattern);
      const named = now.slice(0, limit === 0 ? usuallySuggested : limit);
      return { now: now.length, lastDay, lastWeek, alerts: named.map(messages.firing) };
    },
  };
}

/** Active ones, the first to end first; pending ones, the first to start first; expired ones, the last to end first. */
const placeOfSilence = ({ silence, state }: { silence: StoredSilence; state: SilenceState }): Place => [
  states.indexOf(state),
  { active: silence.endsAtMs, pending: silence.startsAtMs, expired: -silence.endsAtMs }[state],
  silence.id,
];

function readMatcher({ name, value, operator }: Matcher): SilenceMatcher {
  if (operators.includes(operator)) return { name, value, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
  throw new Problem('invalid', `operator must be one of ${operators.join(', ')} (got ${JSON.stringify(operator.slice(0, 20))})`, {
    field: 'matchers',
  });
}

const fieldOf = (faults: readonly string[]): string => (faults.some((fault) => /\btime\b/.test(fault)) ? 'endsAt' : 'matchers');

function sayPattern(error: unknown): never {
  if (error instanceof PatternFault) throw new Problem('invalid', error.message, { field: 'matchers', cause: error });
  throw error;
}

function silenceMessage(silence: StoredSilence, state: SilenceState, mutedCount: number): SilenceMessage {
  return {
    id: silence.id,
    matchers: silence.matchers.map((each) => ({ name: each.name, value: each.value, operator: operatorOf(each) })),
    state,
    startsAt: instant(silence.startsAtMs),
    endsAt: instant(silence.endsAtMs),
    updatedAt: instant(silence.updatedAtMs),
    createdBy: silence.createdBy,
    comment: silence.comment,
    mutedCount,
  };
}
