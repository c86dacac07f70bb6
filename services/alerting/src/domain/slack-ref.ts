// What a button in Slack stands for: a group, or the one alert of an escalation, in a namespace.

export const actionIds = { acknowledge: 'tmws_acknowledge', silence: 'tmws_silence', open: 'tmws_open' } as const;

/** For how long one may silence from Slack, ms. */
export const silenceTimes: Readonly<Record<string, number>> = { '1h': 3_600_000, '4h': 4 * 3_600_000, '1d': 86_400_000 };

export interface SlackRef {
  readonly kind: 'group' | 'alert';
  /** `groupIdOf`, or a fingerprint. */
  readonly id: string;
  readonly namespace: string;
}

/** At most 83 characters: Slack takes 150 as the value of an option. */
export const refText = ({ kind, id, namespace }: SlackRef): string => `${kind === 'group' ? 'g' : 'a'}:${id}:${namespace}`;

/** undefined: it is none. */
export function parseRef(text: string): SlackRef | undefined {
  const [, kind, id, namespace] = /^([ga]):([0-9a-f]{16}):([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$/.exec(text) ?? [];
  if (id === undefined || namespace === undefined) return undefined;
  return { kind: kind === 'g' ? 'group' : 'alert', id, namespace };
}
