import { fieldOf, isObject, objectOf, textOf } from '../json.ts';
import type { HistoryEvent } from './history.ts';
import { valuesOf } from './payloads.ts';

/** A text attribute of an event, empty if absent. */
export function textIn({ attributes, at }: HistoryEvent, name: string): string {
  return textOf(attributes, name, at);
}

/** The name of what an attribute holds: of activityType, workflowType, taskQueue. */
export function nameIn({ attributes, at }: HistoryEvent, field: string): string {
  const of = objectOf(attributes, field, at);
  return of === undefined ? '' : textOf(of, 'name', `${at}.${field}`);
}

/** The summary its author gave an activity or a timer, empty if none. */
export function summaryOf({ whole }: HistoryEvent): string {
  const metadata = fieldOf(whole, 'userMetadata');
  const [summary] = isObject(metadata) ? valuesOf([metadata.summary]) : [];
  return typeof summary === 'string' ? summary : '';
}
