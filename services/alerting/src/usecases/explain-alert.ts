// Who hears of an alert and why, rule by rule: the same functions are asked that route, mute and tell.
import { Problem } from '@tmws/problems';
import type { Alert } from '../domain/alert.ts';
import { clockText } from '../domain/explanation-words.ts';
import { fingerprintOf } from '../domain/fingerprint.ts';
import { defaultLabelLimits, formatLabels, labelFaults, type LabelSet, withoutEmpty } from '../domain/label-set.ts';
import type { Matcher } from '../domain/matcher.ts';
import { alertStatus, routeMutes } from '../domain/muting.ts';
import { explainRoutes, type Route, type Visit } from '../domain/route-tree.ts';
import type { AlertPolicy } from '../domain/policy.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import type { Clock, StoredAlert } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import type { Board } from './board.ts';
import { groupOutlook, type GroupOutlook } from './group-outlook.ts';
import { findAlert } from './get-alert.ts';
import type { Integration } from './look-at-group.ts';
import { placementsOf } from './placements.ts';
import { dampedBecause, escalationText } from './explain-policy.ts';
import { type MutedBecause, summaryOf } from './explain-summary.ts';

export interface Explanation {
  readonly labels: LabelSet;
  /** undefined: no such alert is known. */
  readonly alert: StoredAlert | undefined;
  readonly visits: readonly Visit[];
  readonly muted: readonly MutedBecause[];
  readonly groups: readonly GroupOutlook[];
  readonly summary: string;
}

interface Explaining {
  readonly board: Board;
  readonly reads: Pick<AlertReads, 'groups'>;
  readonly clock: Clock;
  readonly root: () => Route;
  readonly intervals: () => ReadonlyMap<string, TimeInterval>;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  /** Alerts that match are told at once. */
  readonly bypass: () => readonly Matcher[];
  readonly policy: () => AlertPolicy;
}

/** @throws Problem `invalid` for labels no alert could have, `not_found` for a fingerprint nobody knows */
export function explainAlert(explaining: Explaining) {
  const { board, reads, clock, root, intervals, bypass, policy } = explaining;
  return async (namespace: string, given: { readonly fingerprint: string; readonly labels: LabelSet }): Promise<Explanation> => {
    const nowMs = clock();
    const { labels, alert } = meant(board, namespace, given);
    const about: StoredAlert = alert ?? wouldBe(namespace, labels, nowMs);
    const visits = explainRoutes(root(), labels);
    const placements = placementsOf(root(), labels);
    const by = { silences: [...board.silences(namespace)], inhibition: board.inhibition(namespace) };
    const status = alertStatus(about, by, nowMs);
    const asked = { about, known: alert !== undefined, policy: policy(), bypass: bypass() };
    const damped = dampedBecause(asked, nowMs);
    const muted: MutedBecause[] = [
      ...status.silencedBy.map((id) => silenceReason(board, namespace, id, nowMs)),
      ...status.inhibitions.map(({ rule, fingerprint }) => {
        const source = board.alert(namespace, fingerprint);
        const reason = `while ${source === undefined ? fingerprint : formatLabels(source.labels)} fires, rule ${JSON.stringify(rule)} mutes it`;
        return { by: 'inhibition' as const, id: fingerprint, reason };
      }),
      ...placements.flatMap(({ route }) =>
        routeMutes(route, intervals(), nowMs).map((id) => ({
          by: 'time interval' as const,
          id,
          reason: `${JSON.stringify(id)} mutes the route ${route.id}, which is ${JSON.stringify(route.options.receiver)}, at ${clockText(nowMs, nowMs)}`,
        })),
      ),
      ...damped,
    ];
    const waiting = await reads.groups(
      namespace,
      placements.map(({ route, key }) => ({ routeId: route.id, groupKey: key })),
    );
    const groups = placements.map((placement) =>
      groupOutlook(
        {
          about,
          held: damped.some(({ by }) => by === 'unsteady') && about.endsAtMs > nowMs,
          placement,
          waiting: waiting.find((each) => each.routeId === placement.route.id && each.groupKey === placement.key),
        },
        explaining,
        nowMs,
      ),
    );
    const answer = { labels, alert, visits, muted, groups };
    return { ...answer, summary: summaryOf({ ...answer, about, escalation: escalationText(asked, nowMs) }, nowMs) };
  };
}

function meant(
  board: Board,
  namespace: string,
  { fingerprint, labels: given }: { readonly fingerprint: string; readonly labels: LabelSet },
): { labels: LabelSet; alert: StoredAlert | undefined } {
  if (fingerprint !== '') {
    const alert = findAlert(board, namespace, fingerprint);
    return { labels: alert.labels, alert };
  }
  const labels = withoutEmpty(given);
  const faults = labelFaults(labels, 'label', 'utf8', defaultLabelLimits);
  if (Object.keys(labels).length === 0)
    faults.push('an alert needs at least one label: give labels, or the fingerprint of an alert');
  if (faults.length > 0) throw new Problem('invalid', `labels: ${faults.join('; ')}`, { field: 'labels' });
  return { labels, alert: board.alert(namespace, fingerprintOf(labels)) };
}

/** An alert that begins to fire now. */
function wouldBe(namespace: string, labels: LabelSet, nowMs: number): StoredAlert {
  const alert: Alert = {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations: {},
    startsAtMs: nowMs,
    endsAtMs: Infinity,
    updatedAtMs: nowMs,
    timeout: true,
    generatorUrl: '',
  };
  return { ...alert, namespace, told: 'firing', toldAtMs: nowMs, acknowledged: undefined, assignee: '', revision: 0n };
}

function silenceReason(board: Board, namespace: string, id: string, nowMs: number): MutedBecause {
  const silence = board.silence(namespace, id);
  const until = silence === undefined ? '' : ` until ${clockText(silence.endsAtMs, nowMs)}`;
  const whose = silence === undefined ? '' : ` (${silence.createdBy}: ${silence.comment})`;
  return { by: 'silence', id, reason: `silence ${id} mutes it${until}${whose}` };
}
