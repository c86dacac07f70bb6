// An alert as this page keeps it: times in ms since the epoch, labels in the order in which they are read.
import type { AlertJson } from '@tmws/contracts/alerting';

export type Labels = Readonly<Record<string, string>>;

export interface Alert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly status: string;
  /** active, suppressed or damped. */
  readonly state: string;
  readonly startsMs: number;
  readonly endsMs: number | undefined;
  readonly generatorUrl: string;
  readonly receivers: readonly string[];
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly mutedBy: readonly string[];
  readonly acknowledged: { readonly by: string; readonly atMs: number; readonly comment: string } | undefined;
  readonly assignee: string;
  readonly escalation:
    { readonly step: number; readonly steps: number; readonly next: string; readonly nextMs: number } | undefined;
  readonly flapping: boolean;
}

/** RFC 3339 to ms; undefined where there is none. */
export const instantMs = (text: string | undefined): number | undefined => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
};

export function readAlert(json: AlertJson): Alert {
  const { acknowledgement, escalation } = json;
  return {
    fingerprint: json.fingerprint ?? '',
    labels: json.labels ?? {},
    annotations: json.annotations ?? {},
    status: json.status ?? 'firing',
    state: json.state ?? 'active',
    startsMs: instantMs(json.startsAt) ?? 0,
    endsMs: instantMs(json.endsAt),
    generatorUrl: json.generatorUrl ?? '',
    receivers: json.receivers ?? [],
    silencedBy: json.silencedBy ?? [],
    inhibitedBy: json.inhibitedBy ?? [],
    mutedBy: json.mutedBy ?? [],
    acknowledged: acknowledgement && {
      by: acknowledgement.by ?? '',
      atMs: instantMs(acknowledgement.at) ?? 0,
      comment: acknowledgement.comment ?? '',
    },
    assignee: json.assignee ?? '',
    escalation: escalation && {
      step: escalation.step ?? 0,
      steps: escalation.steps ?? 0,
      next: escalation.nextReceiver ?? '',
      nextMs: instantMs(escalation.nextAt) ?? 0,
    },
    flapping: json.flapping ?? false,
  };
}

/** What stands apart: the title, and the severity, which has a mark of its own. */
const told = new Set(['alertname', 'severity']);

/** Labels but those a title tells already, by name. */
export const restOf = (labels: Labels, without: Labels = {}): [name: string, value: string][] =>
  Object.entries(labels)
    .filter(([name]) => !told.has(name) && !(name in without))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/** What it is called where there is one line. */
export const titleOf = ({ alertname = '' }: Labels): string => (alertname === '' ? 'Alerts without a name' : alertname);

/** The sentence a rule says of it; empty where it says none. */
export const summaryOf = (annotations: Labels): string =>
  annotations.summary ?? annotations.message ?? annotations.description ?? annotations.title ?? '';

/** What belongs to somebody's name beside an alert; undefined: it is nobody's yet. */
export function ownerWords({ acknowledged, assignee }: Pick<Alert, 'acknowledged' | 'assignee'>): string | undefined {
  if (acknowledged === undefined) return assignee === '' ? undefined : `${assignee}’s, not acknowledged`;
  if (assignee === '' || assignee === acknowledged.by) return `acknowledged by ${acknowledged.by}`;
  return `${assignee}’s, acknowledged by ${acknowledged.by}`;
}

/** Why nobody is told of it, in a few words; empty where it is told. */
export function mutedWords({ silencedBy, inhibitedBy, mutedBy }: Pick<Alert, 'silencedBy' | 'inhibitedBy' | 'mutedBy'>): string {
  const words: string[] = [];
  if (silencedBy.length > 0) words.push(silencedBy.length === 1 ? 'silenced' : `silenced ${silencedBy.length} times`);
  if (inhibitedBy.length > 0) words.push('inhibited by another alert');
  if (mutedBy.length > 0) words.push(`muted by ${mutedBy.join(', ')}`);
  return words.join(', ');
}
