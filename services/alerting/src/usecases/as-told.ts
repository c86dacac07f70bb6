import { isResolved } from '../domain/alert.ts';
import { dampedBy } from '../domain/handling.ts';
import type { Notified, StoredAlert } from '../ports.ts';

/** The alerts of a group as one integration is to hear of them. */
export interface AsTold {
  readonly firing: readonly StoredAlert[];
  readonly resolved: readonly StoredAlert[];
  /** Told of as flapping from here on. */
  readonly flapping: readonly string[];
  /** Some of them were not told of as flapping yet. */
  readonly begins: readonly string[];
  /** Some fire that it heard of as flapping last, and are calm. */
  readonly calmed: boolean;
}

const flappingNote = {
  tmws_flapping: 'It fires and resolves too often to be told each time; the next message about it comes when it is calm.',
};

/**
 * What an integration that was told `last` is to hear of a group. `heard`: its alerts that nothing mutes.
 *
 *   B1  resolved ones are those it was told of as firing
 *   B2  one that is damped stays as it was told: firing if that was told, else it is not there
 *   B3  one that flaps is firing, with a note, from the message that says so, whatever it is at the moment
 */
export function asTold(
  members: readonly StoredAlert[],
  heard: readonly StoredAlert[],
  last: Notified | undefined,
  nowMs: number,
): AsTold {
  const told = new Set(last?.firing);
  const noted = new Set(last?.flapping);
  const firing: StoredAlert[] = [];
  const resolved: StoredAlert[] = [];
  const flapping: string[] = [];
  const begins: string[] = [];
  let calmed = false;
  for (const alert of heard) {
    const { fingerprint } = alert;
    const fires = !isResolved(alert, nowMs);
    const damped = dampedBy(alert, nowMs);
    if (damped === undefined) {
      if (fires) firing.push(alert);
      else if (told.has(fingerprint)) resolved.push(alert);
      if (fires && noted.has(fingerprint)) calmed = true;
      continue;
    }
    const begun = damped === 'flapping' && !noted.has(fingerprint);
    if (begun) begins.push(fingerprint);
    if (begun || noted.has(fingerprint)) flapping.push(fingerprint);
    if (!begun && !told.has(fingerprint)) continue;
    const annotations = damped === 'flapping' ? { ...alert.annotations, ...flappingNote } : alert.annotations;
    firing.push({ ...alert, annotations, endsAtMs: Infinity });
  }
  if (noted.size > 0) {
    const audible = new Set(heard);
    for (const alert of members) if (!audible.has(alert) && noted.has(alert.fingerprint)) flapping.push(alert.fingerprint);
  }
  return { firing, resolved, flapping, begins, calmed };
}
