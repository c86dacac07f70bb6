import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import { isResolved } from '../domain/alert.ts';
import type { LabelSet } from '../domain/label-set.ts';
import type { SlackRef } from '../domain/slack-ref.ts';
import type { Clock, StoredAlert } from '../ports.ts';
import type { Board } from './board.ts';
import type { AlertChanges } from './change-alerts.ts';
import { groupIds } from './firing-groups.ts';
import type { Silences } from './silences.ts';
import type { editSlackMessages } from './slack-edits.ts';
import { type Press, readPress } from './slack-press.ts';
import { signedBy, type SignedRequest } from './slack-signature.ts';

/** A Slack app of the configuration in force. */
export interface SlackApp {
  readonly signingSecret: string;
  /** Tells one person something in a channel. Whether it was told is of no consequence. */
  tell(channel: string, user: string, text: string): Promise<void>;
}

interface Taking {
  readonly apps: () => Promise<readonly SlackApp[]>;
  readonly board: Board;
  readonly clock: Clock;
  readonly changes: Pick<AlertChanges, 'acknowledge' | 'comment'>;
  readonly silences: Pick<Silences, 'put'>;
  readonly edit: ReturnType<typeof editSlackMessages>;
}

/** What was done; `act` is empty where nothing was. */
export interface SlackActionTaken {
  readonly text: string;
  readonly by: string;
  readonly act: '' | 'acknowledgeAlerts' | 'putSilence';
  readonly namespace: string;
}

/** Slack gives up after three seconds; what is still being sent by then shows it with its next message. */
const [editTries, editPauseMs] = [5, 200];
const nothingDone: SlackActionTaken = { text: '', by: '', act: '', namespace: '' };

/**
 * Does what somebody pressed in Slack.
 *
 *   K1  nothing is read of a request that none of the apps signed within five minutes of now
 *   K2  the alerts that fire in the group now are acknowledged, or silenced, as `slack:` and the user's name
 *   K3  pressed again it changes nothing: who acknowledged has done so, and the silence of the same matchers is the same one, made longer at most
 *   K4  who presses a button of what is over is told so
 *
 * @throws Problem `unauthenticated`, `invalid`; `unavailable` while the store is away: nothing was changed
 */
export function takeSlackAction({ apps, board, clock, changes, silences, edit }: Taking) {
  const idOf = groupIds();
  return async (request: SignedRequest): Promise<SlackActionTaken> => {
    const app = signedBy(request, await apps(), clock());
    if (app === undefined) {
      throw new Problem(
        'unauthenticated',
        'the signature is not good here: it is of none of the Slack apps of the configuration, or the request is older than five minutes',
      );
    }
    const press = readPress(request.body);
    if (press === undefined) return nothingDone;
    const { namespace } = press.ref;
    const found = membersOf(press.ref);
    const { text, act, alerts } =
      found.alerts.length === 0
        ? ({ text: 'Nothing of this group fires any more: there is nothing to do.', act: '', alerts: [] } as const)
        : press.what.kind === 'acknowledge'
          ? await acknowledge(press, found.alerts)
          : await silence(press, press.what, found);
    if (text !== '') await app.tell(press.channel, press.user, text);
    if (act !== '') await show(namespace, alerts, act === 'putSilence' ? 'silenced' : 'acknowledged');
    return { text, by: press.by, act, namespace };
  };

  function membersOf({ kind, id, namespace }: SlackRef): { alerts: StoredAlert[]; labels: LabelSet } {
    const nowMs = clock();
    const fires = (alert: StoredAlert): boolean => alert.told === 'firing' && !isResolved(alert, nowMs);
    if (kind === 'alert') {
      const alert = board.alert(namespace, id);
      return { alerts: alert !== undefined && fires(alert) ? [alert] : [], labels: alert?.labels ?? {} };
    }
    for (const alert of board.alerts(namespace)) {
      const place = board.placements(alert).find((each) => idOf(each) === id);
      if (place === undefined) continue;
      return { alerts: board.members(namespace, place.route.id, place.key).filter(fires), labels: place.labels };
    }
    return { alerts: [], labels: {} };
  }

  async function acknowledge({ by, ref: { namespace } }: Press, alerts: readonly StoredAlert[]) {
    const names = alerts.map(({ fingerprint }) => fingerprint);
    await changes.acknowledge(namespace, by, names, { comment: 'in Slack', assign: false });
    return { text: '', act: 'acknowledgeAlerts', alerts } as const;
  }

  async function silence(
    { by, user, ref: { namespace } }: Press,
    { time, forMs }: { readonly time: string; readonly forMs: number },
    { alerts, labels }: { readonly alerts: readonly StoredAlert[]; readonly labels: LabelSet },
  ) {
    const of = Object.keys(labels).length > 0 ? labels : sharedBy(alerts);
    const matchers = Object.entries(of).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
    if (matchers.length === 0) {
      const text = 'The alerts of this group share no label, so no silence is for them alone: silence them in the console.';
      return { text, act: '', alerts: [] } as const;
    }
    const nowMs = clock();
    const endsAtMs = nowMs + forMs;
    const known = [...board.silences(namespace)].find(
      ({ silence: each }) =>
        each.createdBy.startsWith('slack:') &&
        each.startsAtMs <= nowMs &&
        each.endsAtMs > nowMs &&
        textOf(each.matchers) === textOf(matchers),
    )?.silence;
    // Pressed twice within a minute is meant once; a shorter time than there is does not end it sooner.
    if (known !== undefined && known.endsAtMs > endsAtMs - 60_000) return { text: '', act: 'putSilence', alerts } as const;
    const answer = await silences.put(namespace, {
      ...(known !== undefined && { id: known.id }),
      ...{ matchers, startsAtMs: known?.startsAtMs ?? nowMs, endsAtMs, createdBy: by },
      comment: `for ${time}, in Slack by ${by.slice('slack:'.length)}${user === '' ? '' : ` (${user})`}`,
    });
    if (answer.kind === 'faults')
      return { text: `It cannot be silenced: ${answer.faults.join('; ')}.`, act: '', alerts: [] } as const;
    const said = { text: `silenced for ${time} in Slack, until ${new Date(endsAtMs).toISOString().slice(0, 16)}Z` };
    await changes.comment(
      namespace,
      by,
      alerts.slice(0, 1000).map(({ fingerprint }) => fingerprint),
      said,
    );
    return { text: '', act: 'putSilence', alerts } as const;
  }

  async function show(namespace: string, alerts: readonly StoredAlert[], reason: 'acknowledged' | 'silenced'): Promise<void> {
    for (let tried = 1; !(await edit(namespace, alerts, reason)) && tried < editTries; tried++) await pause(editPauseMs);
  }
}

function sharedBy(alerts: readonly StoredAlert[]): LabelSet {
  const [first, ...rest] = alerts;
  return Object.fromEntries(
    Object.entries(first?.labels ?? {}).filter(([name, value]) => rest.every(({ labels }) => labels[name] === value)),
  );
}

const textOf = (matchers: readonly { name: string; value: string; isRegex: boolean; isEqual: boolean }[]): string =>
  JSON.stringify(matchers.map(({ name, value, isRegex, isEqual }) => [name, value, isRegex, isEqual]).sort());
