import { groupIdOf } from '../domain/group-id.ts';
import { silences, silenceState } from '../domain/silence.ts';
import type { Clock } from '../ports.ts';
import type { LookAtCare } from '../read-ports.ts';
import type { Board } from './board.ts';

/** More silences are not named in a message. */
const mostSilences = 3;

/** Who looks after alerts that fire, and what silences them, for the messages that tell of them. */
export function lookAtCare({ board, clock }: { readonly board: Board; readonly clock: Clock }): LookAtCare {
  return (namespace, { receiver, groupKey }, fingerprints) => {
    const nowMs = clock();
    const alerts = fingerprints.flatMap((fingerprint) => board.alert(namespace, fingerprint) ?? []);
    const keepers = new Map<string, number>();
    const muting = new Map<string, { by: string; untilMs: number; alerts: number }>();
    let groupId: string | undefined;
    for (const alert of alerts) {
      const by = alert.acknowledged?.by;
      if (by !== undefined) keepers.set(by, (keepers.get(by) ?? 0) + 1);
      for (const { silence, matchers } of board.silencesFor(namespace, alert.labels)) {
        if (silenceState(silence, nowMs) !== 'active' || !silences(matchers, alert.labels)) continue;
        const { id, createdBy, endsAtMs } = silence;
        const known = muting.get(id) ?? { by: createdBy, untilMs: endsAtMs, alerts: 0 };
        muting.set(id, { ...known, alerts: known.alerts + 1 });
      }
      groupId ??= board
        .placements(alert)
        .filter(({ route, key }) => key === groupKey && route.options.receiver === receiver)
        .map(({ route, key }) => groupIdOf(route.id, key))[0];
    }
    return {
      groupId,
      acknowledged: [...keepers].map(([by, count]) => ({ by, alerts: count })).sort((a, b) => b.alerts - a.alerts),
      silenced: [...muting.values()].sort((a, b) => b.untilMs - a.untilMs).slice(0, mostSilences),
    };
  };
}
