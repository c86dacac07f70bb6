import type { NameMode } from '../domain/label-set.ts';
import type { Matcher } from '../domain/matcher.ts';
import { isResolved } from '../domain/alert.ts';
import {
  compileMatchers,
  expireSilence,
  putSilence,
  silenceFaults,
  silences as silenceMatches,
  silenceState,
  type SilenceMatcher,
  type SilenceState,
  type WantedSilence,
} from '../domain/silence.ts';
import type { AlertStore, Clock, StoredSilence } from '../ports.ts';
import type { Board } from './board.ts';

interface Silencing {
  readonly store: AlertStore;
  readonly board: Board;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly names: NameMode;
  /** How long after its end a silence can be seen. */
  readonly keepExpiredMs: number;
  /** Told after each commit. */
  readonly stored: () => void;
}

export type PutAnswer =
  | { readonly kind: 'put'; readonly silence: StoredSilence }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/** How many alerts a silence would mute. */
export interface SilencePreview {
  /** That fire now. */
  readonly now: number;
  /** That fired at some time in the last 24 hours, those of now among them. */
  readonly lastDay: number;
}

export interface Silences {
  /** Makes or edits one. Stored when it resolves. @throws Problem `unavailable` when the store is away: nothing was changed */
  put(namespace: string, wanted: WantedSilence): Promise<PutAnswer>;
  /** Ends one; one that has ended stays as it is. Stored when it resolves. @returns false if none of that id is known */
  expire(namespace: string, id: string): Promise<boolean>;
  find(namespace: string, id: string): StoredSilence | undefined;
  /** Active ones, the first to end first; pending ones, the first to start first; expired ones, the last to end first. */
  list(namespace: string): { readonly silence: StoredSilence; readonly state: SilenceState }[];
  /** @throws PatternFault */
  preview(namespace: string, matchers: readonly SilenceMatcher[]): Promise<SilencePreview>;
}

const dayMs = 86_400_000;
const mostInPreview = 100_000;

export function openSilences({ store, board, clock, newId, names, keepExpiredMs, stored }: Silencing): Silences {
  const visible = (silence: StoredSilence, nowMs: number): boolean => silence.endsAtMs + keepExpiredMs > nowMs;
  const find = (namespace: string, id: string): StoredSilence | undefined => {
    const silence = board.silence(namespace, id);
    return silence !== undefined && visible(silence, clock()) ? silence : undefined;
  };
  return {
    find,

    async put(namespace, wanted) {
      const nowMs = clock();
      const faults = silenceFaults(wanted, names, nowMs);
      if (faults.length > 0) return { kind: 'faults', faults };
      const put = await store.write(nowMs, async (writing) => {
        await board.refresh(writing);
        const known = wanted.id === undefined || wanted.id === '' ? undefined : find(namespace, wanted.id);
        const change = putSilence(known, wanted, newId(), nowMs);
        if (change.kind === 'unknown') return [];
        const expired = change.kind === 'replaced' ? [await writing.putSilence({ ...change.expired, namespace })] : [];
        return [...expired, await writing.putSilence({ ...change.silence, namespace })];
      });
      const silence = put.at(-1);
      if (silence === undefined) return { kind: 'unknown' };
      board.apply([], put);
      stored();
      return { kind: 'put', silence };
    },

    async expire(namespace, id) {
      const nowMs = clock();
      const answer = await store.write(nowMs, async (writing) => {
        await board.refresh(writing);
        const known = find(namespace, id);
        if (known === undefined) return undefined;
        const expired = expireSilence(known, nowMs);
        return expired === undefined ? [] : [await writing.putSilence({ ...expired, namespace })];
      });
      if (answer === undefined) return false;
      board.apply([], answer);
      if (answer.length > 0) stored();
      return true;
    },

    list(namespace) {
      const nowMs = clock();
      return [...board.silences(namespace)]
        .filter(({ silence }) => visible(silence, nowMs))
        .map(({ silence }) => ({ silence, state: silenceState(silence, nowMs) }))
        .sort(
          (a, b) => places[a.state] - places[b.state] || byTime[a.state](a.silence, b.silence) || idOrder(a.silence, b.silence),
        );
    },

    async preview(namespace, given) {
      const matchers: readonly Matcher[] = compileMatchers(given);
      const nowMs = clock();
      const muted = new Set<string>();
      for (const alert of board.alerts(namespace))
        if (!isResolved(alert, nowMs) && silenceMatches(matchers, alert.labels)) muted.add(alert.fingerprint);
      const now = muted.size;
      for (const { fingerprint, labels } of await store.firedSince(namespace, nowMs - dayMs, mostInPreview))
        if (!muted.has(fingerprint) && silenceMatches(matchers, labels)) muted.add(fingerprint);
      return { now, lastDay: muted.size };
    },
  };
}

const places: Readonly<Record<SilenceState, number>> = { active: 0, pending: 1, expired: 2 };
const byTime: Readonly<Record<SilenceState, (a: StoredSilence, b: StoredSilence) => number>> = {
  active: (a, b) => a.endsAtMs - b.endsAtMs,
  pending: (a, b) => a.startsAtMs - b.startsAtMs,
  expired: (a, b) => b.endsAtMs - a.endsAtMs,
};
const idOrder = (a: StoredSilence, b: StoredSilence): number => (a.id < b.id ? -1 : 1);
