// People say of alerts whether the rule was right: what holds a rule down, and what its rate of false alarms is counted from.
import { Problem } from '@tmws/problems';
import type { LabelSet } from '../domain/label-set.ts';
import { ruleOfAlert } from '../domain/rule-of-alert.ts';
import type { AlertStore, Clock, HistoryEntry, StoredAlert } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import { type Verdict, type VerdictWord, verdicts } from '../verdict-ports.ts';
import type { Board } from './board.ts';
import type { ChangedAlerts } from './change-alerts.ts';

interface Judging {
  readonly store: Pick<AlertStore, 'write'>;
  readonly board: Board;
  readonly reads: Pick<AlertReads, 'history'>;
  readonly clock: Clock;
}

interface Occurrence {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly startsAtMs: number;
  /** As it is known now; absent: it is over for so long that only history knows it. */
  readonly alert?: StoredAlert | undefined;
}

/**
 * Judges the last occurrence of alerts, that fire or do not.
 *
 *   V1  the last verdict on an occurrence counts; '' takes it back
 *   V2  all of it is stored, or nothing is
 *
 * Throws Problem `invalid` if the verdict is no word for one, or one of the alerts was made by no rule; `unavailable` while the store is
 * away.
 */
export function judgeAlerts({ store, board, reads, clock }: Judging) {
  const lastOf = async (namespace: string, fingerprint: string): Promise<Occurrence | undefined> => {
    const alert = board.alert(namespace, fingerprint);
    if (alert !== undefined) return { fingerprint, labels: alert.labels, startsAtMs: alert.startsAtMs, alert };
    const none = { fromMs: undefined, toMs: undefined, before: undefined };
    const [fired] = await reads.history(namespace, { fingerprint, kinds: ['fired'], limit: 1, ...none });
    if (fired === undefined) return undefined;
    const { labels, startsAtMs } = fired.doc as { labels?: LabelSet; startsAtMs?: number };
    return { fingerprint, labels: labels ?? {}, startsAtMs: startsAtMs ?? fired.atMs };
  };
  return async (
    namespace: string,
    by: string,
    named: readonly string[],
    { verdict, comment }: { readonly verdict: string; readonly comment: string },
  ): Promise<ChangedAlerts> => {
    const word = wordOf(verdict);
    const fingerprints = [...new Set(named)];
    const found = await Promise.all(fingerprints.map((fingerprint) => lastOf(namespace, fingerprint)));
    const known = found.filter((each) => each !== undefined);
    const nowMs = clock();
    const given = known.map(({ fingerprint, labels, startsAtMs }): Verdict => {
      const rule = ruleOfAlert(labels);
      if (rule === undefined) throw madeByNoRule(fingerprint, labels);
      return { namespace, fingerprint, startsAtMs, rule, verdict: word, by, atMs: nowMs };
    });
    const entries = given.map(({ fingerprint, rule }): HistoryEntry => {
      const doc = { by, text: comment, verdict: word, rule };
      return { namespace, fingerprint, atMs: nowMs, kind: 'judged', doc };
    });
    if (given.length > 0) {
      await store.write(nowMs, async (writing) => {
        await writing.judge(given);
        await writing.remember(entries);
      });
    }
    const there = new Set(known.map(({ fingerprint }) => fingerprint));
    return {
      alerts: known.flatMap(({ alert }) => alert ?? []),
      unknown: fingerprints.filter((fingerprint) => !there.has(fingerprint)),
    };
  };
}

export type JudgeAlerts = ReturnType<typeof judgeAlerts>;

function wordOf(verdict: string): VerdictWord | '' {
  const found = ['' as const, ...verdicts].find((word) => word === verdict);
  if (found !== undefined) return found;
  const allowed = `${verdicts.join(' or ')}, or empty to take it back`;
  throw new Problem('invalid', `verdict must be ${allowed} (got ${JSON.stringify(verdict.slice(0, 80))})`, { field: 'verdict' });
}

function madeByNoRule(fingerprint: string, labels: LabelSet): Problem {
  const name = JSON.stringify(labels.alertname ?? fingerprint);
  return new Problem(
    'invalid',
    `the alert ${name} (${fingerprint}) was made by no rule of this service, so there is none to judge; comment on it instead`,
    { field: 'fingerprints' },
  );
}
