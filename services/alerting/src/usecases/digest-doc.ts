// One message in place of many that wait for one receiver.
import { commonLabels } from '../domain/label-set.ts';
import type { NewDigest, WaitingNotification } from '../ledger-ports.ts';
import type { NotificationDoc, NotificationDocAlert } from '../ports.ts';

/** Alerts that stand in a digest; the others are counted. */
export const mostAlerts = 100;

/**
 * The digest of messages of one namespace to one integration, in their order.
 *
 *   G1  every alert of them is named by `firing` or `resolved`; one that fires in any of them fires
 *   G2  firing alerts stand first in the message, at most `mostAlerts` in all; `truncatedAlerts` counts the others
 *   G3  the group labels say how many groups there are, so that every title does
 */
export function digestOf(id: string, waiting: readonly WaitingNotification[], externalURL: string): NewDigest | undefined {
  const [first] = waiting;
  if (first === undefined) return undefined;
  const { namespace, receiver, integration } = first;
  const docs = waiting.map(({ doc }) => JSON.parse(doc) as NotificationDoc);
  const alerts = new Map<string, NotificationDocAlert>();
  for (const alert of docs.flatMap((doc) => doc.alerts)) {
    const known = alerts.get(alert.fingerprint);
    if (known === undefined || (known.status === 'resolved' && alert.status === 'firing')) alerts.set(alert.fingerprint, alert);
  }
  const all = [...alerts.values()];
  const ordered = [...all.filter(({ status }) => status === 'firing'), ...all.filter(({ status }) => status === 'resolved')];
  const shown = ordered.slice(0, mostAlerts);
  const firing = [...new Set(waiting.flatMap((each) => each.firing))];
  const resolved = [...new Set(waiting.flatMap((each) => each.resolved))].filter((each) => !firing.includes(each));
  const hidden = ordered.length - shown.length + docs.reduce((sum, doc) => sum + (doc.truncatedAlerts ?? 0), 0);
  const groupKey = `digest:${id}`;
  const groups = `${waiting.length} groups`;
  const said = `${groups} at once, more than this receiver takes one by one: ${firing.length} alerts fire, ${resolved.length} are resolved`;
  const doc: NotificationDoc = {
    receiver,
    status: firing.length > 0 ? 'firing' : 'resolved',
    alerts: shown,
    groupLabels: { digest: groups },
    commonLabels: commonLabels(all.map(({ labels }) => labels)),
    commonAnnotations: {
      ...commonLabels(all.map(({ annotations }) => annotations)),
      digest: hidden === 0 ? said : `${said}; ${hidden} of them are not shown`,
    },
    externalURL,
    groupKey,
    ...(hidden > 0 && { truncatedAlerts: hidden }),
  };
  const of = waiting.map((each) => each.id);
  return { id, namespace, receiver, integration, groupKey, reason: 'digest', doc: JSON.stringify(doc), firing, resolved, of };
}
