// Values of the domain as Alertmanager's API v2 writes them.
import type { Alert } from '../../domain/alert.ts';
import { formatInstant, parseInstant } from '../../domain/instant.ts';
import type { LabelSet } from '../../domain/label-set.ts';
import type { AlertStatus } from '../../domain/muting.ts';
import { type Silence, silenceState, type WantedSilence } from '../../domain/silence.ts';
import type { AlertGroup, AlertmanagerStatus, GettableAlert, GettableSilence, PostableSilence } from './schemas.ts';

export const gettableAlert = (
  alert: Alert,
  status: Omit<AlertStatus, 'inhibitions'>,
  receivers: readonly string[],
): GettableAlert => ({
  annotations: alert.annotations,
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
  labels: alert.labels,
});

export const alertGroup = (labels: LabelSet, receiver: string, alerts: readonly GettableAlert[]): AlertGroup => ({
  alerts,
  labels,
  receiver: { name: receiver },
});

export const gettableSilence = (silence: Silence, nowMs: number): GettableSilence => ({
  id: silence.id,
  status: { state: silenceState(silence, nowMs) },
  updatedAt: formatInstant(silence.updatedAtMs),
  comment: silence.comment,
  createdBy: silence.createdBy,
  endsAt: formatInstant(silence.endsAtMs),
  matchers: silence.matchers.map(({ isEqual, isRegex, name, value }) => ({ isEqual, isRegex, name, value })),
  startsAt: formatInstant(silence.startsAtMs),
});

const instant = (field: string, text: string, nowMs: number): number | string => {
  const read = parseInstant(text);
  if (read === 'absent') return field === 'startsAt' ? nowMs : `${field} must be given`;
  return read ?? `${field} must be RFC 3339, like "2026-01-31T12:00:00Z" (got ${JSON.stringify(text.slice(0, 64))})`;
};

/** The silence that is asked for, or what is wrong with its times. A start that is not set is now. */
export function wantedSilence(posted: PostableSilence, nowMs: number): WantedSilence | { readonly faults: readonly string[] } {
  const [startsAtMs, endsAtMs] = [instant('startsAt', posted.startsAt, nowMs), instant('endsAt', posted.endsAt, nowMs)];
  if (typeof startsAtMs === 'string' || typeof endsAtMs === 'string') {
    return { faults: [startsAtMs, endsAtMs].filter((each) => typeof each === 'string') };
  }
  const { id, matchers, createdBy, comment } = posted;
  return { id, matchers, createdBy, comment, startsAtMs, endsAtMs };
}

/** `original` is `AlertmanagerConfig.original`: amtool reads it with Alertmanager's own strict loader. */
export const alertmanagerStatus = (original: string, version: string, startedAtMs: number): AlertmanagerStatus => ({
  cluster: { status: 'disabled', peers: [] },
  config: { original },
  uptime: formatInstant(startedAtMs),
  versionInfo: { branch: 'main', buildDate: '', buildUser: '', goVersion: '', revision: '', version },
});
