// Sentences for somebody who was just woken up.
import { formatInstant } from './instant.ts';
import type { NotifyReason } from './notify-decision.ts';

/** `14:05 UTC`, with its day if that is not within twelve hours. */
export function clockText(ms: number, nowMs: number): string {
  const text = formatInstant(ms);
  const time = `${text.slice(11, 16)} UTC`;
  return Math.abs(ms - nowMs) < 12 * 3_600_000 ? time : `${text.slice(0, 10)} ${time}`;
}

/** `30 s`, `5 min`, `4 h`, `2 d`: the greatest unit that tells it well. */
export function spanText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Why an integration is told at the next look, or is not. */
export function decisionText(
  reason: NotifyReason,
  about: { readonly lastMs: number | undefined; readonly repeatIntervalMs: number; readonly nowMs: number },
): string {
  const { lastMs, repeatIntervalMs, nowMs } = about;
  const at = lastMs === undefined ? '' : clockText(lastMs, nowMs);
  switch (reason) {
    case 'first':
      return 'it was told nothing of this group yet';
    case 'new firing':
      return `the message of ${at} did not name all that fires`;
    case 'new resolved':
      return `something is resolved since the message of ${at}`;
    case 'all resolved':
      return `nothing fires any more since the message of ${at}`;
    case 'repeat':
      return `the last message is of ${at}, ${spanText(repeatIntervalMs)} ago or longer: it is repeated`;
    case 'nothing new':
      return `it was told at ${at}, and is told again at ${clockText((lastMs ?? nowMs) + repeatIntervalMs, nowMs)} if it still fires`;
    case 'never told that it fired':
      return 'nothing fires, and it was never told that anything did';
    case 'nothing fires':
      return 'nothing of the group fires unmuted';
  }
}
