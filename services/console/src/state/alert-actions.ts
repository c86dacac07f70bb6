// What people do with alerts: each is told, and what can be taken back can be for a while.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ChangeAlertsResponseJson } from '@tmws/contracts/alerting';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Announcer } from './announcer.ts';

export interface Done {
  readonly words: string;
  /** Undefined: it cannot be taken back, or not any more. */
  readonly undo: (() => Promise<void>) | undefined;
}

export interface AlertActions {
  /** The last thing done, for some seconds. */
  readonly done: ReadonlySignal<Done | undefined>;
  /** What the last one was refused with. */
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly busy: ReadonlySignal<boolean>;
  acknowledge(fingerprints: readonly string[], comment?: string): Promise<boolean>;
  unacknowledge(fingerprints: readonly string[]): Promise<boolean>;
  /** @param assignee  `me`, a name, or empty: nobody's any more */
  assign(fingerprints: readonly string[], assignee: string): Promise<boolean>;
  comment(fingerprints: readonly string[], text: string): Promise<boolean>;
  /** @param verdict  true_positive, false_positive, or empty: it is taken back */
  judge(fingerprints: readonly string[], verdict: string): Promise<boolean>;
  /** Tells of something done elsewhere. */
  tell(words: string, undo?: () => Promise<unknown>): void;
  dismiss(): void;
  close(): void;
}

/** What can be taken back can be for so long. */
const undoMs = 10_000;
/** What one call may name. */
const mostAtOnce = 1_000;

const many = (count: number): string => (count === 1 ? '1 alert' : `${count.toLocaleString('en')} alerts`);

/** @param changed  something is other than it was: what is shown is to be loaded anew */
export function openAlertActions(api: Api, announcer: Announcer, changed: () => void): AlertActions {
  const done = signal<Done | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const busy = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (words: string, undo?: () => Promise<unknown>): void => {
    clearTimeout(timer);
    done.value = {
      words,
      undo:
        undo &&
        (async () => {
          done.value = undefined;
          await undo();
        }),
    };
    announcer.say(words);
    timer = setTimeout(() => (done.value = undefined), undoMs);
  };
  /** @returns how many were changed; undefined where it was refused */
  const post = async (verb: string, fingerprints: readonly string[], body: object): Promise<number | undefined> => {
    if (busy.peek() || fingerprints.length === 0) return undefined;
    busy.value = true;
    let known = 0;
    try {
      for (let at = 0; at < fingerprints.length; at += mostAtOnce) {
        const part = fingerprints.slice(at, at + mostAtOnce);
        const answer = await api.post<ChangeAlertsResponseJson>(`alerts/${verb}`, { fingerprints: part, ...body });
        known += part.length - (answer.unknown?.length ?? 0);
      }
      problem.value = undefined;
      changed();
      return known;
    } catch (error) {
      problem.value = ApiProblem.from(error);
      announcer.say(`Not done: ${problem.value.message}`);
      changed();
      return undefined;
    } finally {
      busy.value = false;
    }
  };
  const act = async (
    verb: string,
    fingerprints: readonly string[],
    body: object,
    words: (count: string) => string,
    undo?: () => Promise<unknown>,
  ): Promise<boolean> => {
    const known = await post(verb, fingerprints, body);
    if (known === undefined) return false;
    const gone = fingerprints.length - known;
    tell(words(many(known)) + (gone === 0 ? '' : `; ${many(gone)} had ended`), known === 0 ? undefined : undo);
    return true;
  };
  const actions: AlertActions = {
    done,
    problem,
    busy,
    acknowledge: (ids, comment = '') =>
      act(
        'acknowledge',
        ids,
        { comment },
        (count) => `Acknowledged ${count}`,
        () => actions.unacknowledge(ids),
      ),
    unacknowledge: (ids) => act('unacknowledge', ids, {}, (count) => `Took the acknowledgement of ${count} back`),
    assign: (ids, assignee) =>
      act(
        'assign',
        ids,
        { assignee },
        (count) =>
          assignee === '' ? `${count} are nobody’s any more` : `Assigned ${count} to ${assignee === 'me' ? 'you' : assignee}`,
        assignee === '' ? undefined : () => actions.assign(ids, ''),
      ),
    comment: (ids, text) => act('comment', ids, { text }, (count) => `Noted on ${count}`),
    judge: (ids, verdict) =>
      act(
        'judge',
        ids,
        { verdict },
        (count) =>
          verdict === ''
            ? `Took the verdict on ${count} back`
            : `Judged ${count} ${verdict === 'true_positive' ? 'right' : 'wrong'}`,
        verdict === '' ? undefined : () => actions.judge(ids, ''),
      ),
    tell,
    dismiss() {
      clearTimeout(timer);
      done.value = undefined;
      problem.value = undefined;
    },
    close: () => clearTimeout(timer),
  };
  return actions;
}
