// Alerts and silences as Alertmanager writes them; fields in the order of its encoder.
import { labelNames, labelValue, type LabelSet } from '../../domain/label-set.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { SilenceState } from '../../domain/silence.ts';
import type { StoredSilence } from '../../ports.ts';
import type { FoundAlert, FoundGroup } from '../../usecases/query-alerts.ts';

export const alertJson = ({ alert, status, receivers }: FoundAlert) => ({
  annotations: sorted(alert.annotations),
  endsAt: formatInstant(alert.endsAtMs),
  fingerprint: alert.fingerprint,
  receivers: receivers.map((name) => ({ name })),
  startsAt: formatInstant(alert.startsAtMs),
  status: {
    inhibitedBy: status.inhibitedBy,
    mutedBy: status.mutedBy,
    silencedBy: status.silencedBy,
    state: status.state,
  },
  updatedAt: formatInstant(alert.updatedAtMs),
  ...(alert.generatorUrl !== '' && { generatorURL: alert.generatorUrl }),
  labels: sorted(alert.labels),
});

export const groupJson = ({ labels, receiver, alerts }: FoundGroup) => ({
  alerts: alerts.map(alertJson),
  labels: sorted(labels),
  receiver: { name: receiver },
});

export const silenceJson = (silence: StoredSilence, state: SilenceState) => ({
  id: silence.id,
  status: { state },
  updatedAt: formatInstant(silence.updatedAtMs),
  comment: silence.comment,
  createdBy: silence.createdBy,
  endsAt: formatInstant(silence.endsAtMs),
  matchers: silence.matchers.map(({ isEqual, isRegex, name, value }) => ({ isEqual, isRegex, name, value })),
  startsAt: formatInstant(silence.startsAtMs),
});

const sorted = (labels: LabelSet): LabelSet =>
  Object.fromEntries(labelNames(labels).map((name) => [name, labelValue(labels, name)]));
