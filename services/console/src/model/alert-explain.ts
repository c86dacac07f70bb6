// Who is told of an alert and why, as the server explains it.
import type { ExplainAlertResponseJson } from '@tmws/contracts/alerting';
import { instantMs, type Labels } from './alert.ts';

export interface Explained {
  readonly summary: string;
  readonly routes: readonly RouteVisit[];
  readonly muted: readonly { readonly by: string; readonly id: string; readonly reason: string }[];
  readonly groups: readonly Outlook[];
}

export interface RouteVisit {
  /** The matchers of the last step, as the ones before are above it. */
  readonly matchers: string;
  readonly depth: number;
  readonly outcome: string;
  readonly reason: string;
  readonly receiver: string;
}

export interface Outlook {
  readonly id: string;
  readonly receiver: string;
  readonly labels: Labels;
  readonly nextMs: number | undefined;
  readonly integrations: readonly {
    readonly name: string;
    readonly notify: boolean;
    readonly reason: string;
    readonly toldMs: number | undefined;
  }[];
}

export function readExplained(json: ExplainAlertResponseJson): Explained {
  return {
    summary: json.summary ?? '',
    routes: (json.routes ?? []).map(({ route = '', depth = 0, outcome = '', reason = '', receiver = '' }) => ({
      matchers: lastStep(route),
      depth,
      outcome,
      reason,
      receiver,
    })),
    muted: (json.muted ?? []).map(({ by = '', id = '', reason = '' }) => ({ by, id, reason })),
    groups: (json.groups ?? []).map((group) => ({
      id: group.groupId ?? '',
      receiver: group.receiver ?? '',
      labels: group.labels ?? {},
      nextMs: instantMs(group.nextAt),
      integrations: (group.integrations ?? []).map(({ integration = '', notify = false, reason = '', lastToldAt }) => ({
        name: integration,
        notify,
        reason,
        toldMs: instantMs(lastToldAt),
      })),
    })),
  };
}

/** Of `{}/{severity="critical"}` the last pair of braces. The root takes all. */
export function lastStep(route: string): string {
  const steps = route.match(/\{(?:"(?:\\.|[^"\\])*"|[^"{}])*\}/gs) ?? [];
  const last = steps.at(-1) ?? route;
  return last === '{}' ? (steps.length > 1 ? 'everything that comes here' : 'every alert') : last.replace(/^\{(.*)\}$/s, '$1');
}

/** How an outcome looks: the sign before it and its tone. */
export function outcomeLook(outcome: string): { sign: string; tone: 'good' | 'quiet' | 'active' } {
  if (outcome === 'takes') return { sign: '✓', tone: 'good' };
  if (outcome === 'passes') return { sign: '↓', tone: 'active' };
  return { sign: '✕', tone: 'quiet' };
}
