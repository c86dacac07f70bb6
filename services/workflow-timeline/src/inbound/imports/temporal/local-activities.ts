// Local activities run inside a workflow task; a marker, whose details are the SDK's own, is all the history has of them.
import { isObject, type JsonObject } from '../json.ts';
import { errorOf } from './failure.ts';
import { type HistoryEvent, timeOf } from './history.ts';
import { valuesOf } from './payloads.ts';
import { textIn } from './fields.ts';
import { type Handle, nextNumber, openStep } from './run.ts';

const markerNames = new Set(['core_local_activity', 'LocalActivity']);

const recorded: Handle = (run, event) => {
  if (!markerNames.has(textIn(event, 'markerName'))) return;
  const details = isObject(event.attributes.details) ? event.attributes.details : {};
  const told = toldBy(details);
  const number = nextNumber(run, 'local_activity');
  const stepId = `local-activity-${textOr(told.activityid, String(number))}`;
  const step = openStep(run, event, { stepId, name: textOr(told.activitytype ?? told.type, stepId), kind: 'local_activity' });
  // It ended within the workflow task that tells of it, so it does not come after it.
  step.after.length = 0;
  step.endNs = instantOf(told.completetime ?? told.replaytime, event) ?? event.timeNs;
  const scheduledNs = instantOf(told.originalscheduletime, event);
  step.startNs = scheduledNs !== undefined && scheduledNs < step.endNs ? scheduledNs : step.endNs;
  const { failure } = event.attributes;
  step.outcome = isObject(failure) ? 'failed' : 'completed';
  if (isObject(failure)) step.error = errorOf(failure, { type: 'failed', message: '' });
  else step.output = details.result;
  const { attempt } = told;
  if (typeof attempt === 'number' && Number.isInteger(attempt) && attempt >= 1 && attempt <= 1_000_000) step.attempt = attempt;
};

/**
 * What the details say, by names in small letters without `_`. The SDKs on Core write `activity_id` into the payload "data",
 * Go `ActivityID`, Java has payloads "activityId", "type" and "time" of their own.
 */
function toldBy(details: JsonObject): JsonObject {
  const told: Record<string, unknown> = {};
  const tell = (name: string, value: unknown): void => {
    told[name.toLowerCase().replaceAll('_', '')] = value;
  };
  for (const name of ['activityId', 'type']) if (details[name] !== undefined) tell(name, valuesOf(details[name])[0]);
  const [data] = valuesOf(details.data);
  if (isObject(data)) for (const [name, value] of Object.entries(data)) tell(name, value);
  return told;
}

/** A time of the SDK's; none if it is told in another way. */
function instantOf(value: unknown, { at }: HistoryEvent): bigint | undefined {
  if (typeof value !== 'string' && !isObject(value)) return undefined;
  try {
    return timeOf({ value }, 'value', at);
  } catch {
    return undefined;
  }
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

export const localActivities: Readonly<Record<string, Handle>> = { MarkerRecorded: recorded };
