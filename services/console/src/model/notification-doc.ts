// What a message was made of: Alertmanager's webhook body of version 4.
import type { ReplayNotificationsResponseJson } from '@tmws/contracts/deliveries';
import { type Labels, summaryOf } from './alert.ts';

export interface NotificationDoc {
  readonly alerts: readonly {
    readonly fingerprint: string;
    readonly status: string;
    readonly labels: Labels;
    readonly summary: string;
  }[];
  /** Indented; empty: it is not kept any more. */
  readonly json: string;
}

interface Body {
  readonly alerts?: readonly { fingerprint?: string; status?: string; labels?: Labels; annotations?: Labels }[];
}

/** @param doc  as the ledger has it; what is no JSON is shown as it is */
export function readDoc(doc: string): NotificationDoc {
  if (doc === '') return { alerts: [], json: '' };
  try {
    const body = JSON.parse(doc) as Body;
    const alerts = (body.alerts ?? []).map(({ fingerprint = '', status = '', labels = {}, annotations = {} }) => ({
      ...{ fingerprint, status, labels },
      summary: summaryOf(annotations),
    }));
    return { alerts, json: JSON.stringify(body, undefined, 2) };
  } catch {
    return { alerts: [], json: doc };
  }
}

/** What became of a replay. */
export function replayedWords({ replayed = 0, unknown = [], more = false }: ReplayNotificationsResponseJson): string {
  const said = [`${replayed === 1 ? '1 message is' : `${replayed.toLocaleString('en')} messages are`} on the way again`];
  if (unknown.length > 0)
    said.push(unknown.length === 1 ? '1 was sent again before' : `${unknown.length} were sent again before`);
  if (more) said.push('there are more: replay again');
  return said.join('; ');
}
