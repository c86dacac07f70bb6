// What comes in by Alertmanager's API v2 (its openapi.yaml), as schemas. What goes out is typed here and made in answers.ts.
import * as z from 'zod';

/** Text by text, taken as it is: zod's own record leaves out a label named `__proto__`, which would be another alert. */
const labels = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string'),
  'must be an object of texts',
);

/** `POST /alerts`. Times are read by the domain, alert by alert. */
export const postableAlerts = z.array(
  z.object({
    labels,
    annotations: labels.optional(),
    startsAt: z.string().optional(),
    endsAt: z.string().optional(),
    generatorURL: z.string().optional(),
  }),
);

/** `POST /silences`. `isEqual` is newer than the rest, so it is true if absent. */
export const postableSilence = z.object({
  id: z.string().optional(),
  matchers: z
    .array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }))
    .min(1),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
});

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const several = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === 'string' ? [value] : value));

/** The query of `GET /alerts` and `GET /alerts/groups`; each flag is true if absent. */
export const alertQuery = z.object({
  active: flag.default(true),
  silenced: flag.default(true),
  inhibited: flag.default(true),
  unprocessed: flag.default(true),
  muted: flag.default(true),
  filter: several.default([]),
  /** An anchored pattern. */
  receiver: z.string().default(''),
});

export type AlertQuery = z.infer<typeof alertQuery>;
export type PostableSilence = z.infer<typeof postableSilence>;

export interface GettableAlert {
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
  readonly fingerprint: string;
  readonly receivers: readonly { readonly name: string }[];
  readonly startsAt: string;
  readonly status: {
    readonly inhibitedBy: readonly string[];
    readonly mutedBy: readonly string[];
    readonly silencedBy: readonly string[];
    readonly state: 'active' | 'suppressed' | 'unprocessed';
  };
  readonly updatedAt: string;
  readonly generatorURL?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface AlertGroup {
  readonly alerts: readonly GettableAlert[];
  readonly labels: Readonly<Record<string, string>>;
  readonly receiver: { readonly name: string };
}

export interface GettableSilence {
  readonly id: string;
  readonly status: { readonly state: 'pending' | 'active' | 'expired' };
  readonly updatedAt: string;
  readonly comment: string;
  readonly createdBy: string;
  readonly endsAt: string;
  readonly matchers: readonly {
    readonly isEqual: boolean;
    readonly isRegex: boolean;
    readonly name: string;
    readonly value: string;
  }[];
  readonly startsAt: string;
}

export interface AlertmanagerStatus {
  readonly cluster: { readonly status: 'ready' | 'settling' | 'disabled'; readonly peers: readonly [] };
  readonly config: { readonly original: string };
  readonly uptime: string;
  readonly versionInfo: {
    readonly branch: string;
    readonly buildDate: string;
    readonly buildUser: string;
    readonly goVersion: string;
    readonly revision: string;
    readonly version: string;
  };
}
