import { create } from '@bufbuild/protobuf';
import { type StepError, StepErrorSchema } from '@tmws/contracts';
import { isObject, type JsonObject } from '../json.ts';

const maxCauses = 16;

/** A Temporal failure with its causes: type and message of the outermost, the rest as detail. */
export function errorOf(failure: unknown, otherwise: { type: string; message: string }): StepError {
  if (!isObject(failure)) return create(StepErrorSchema, otherwise);
  const detail: string[] = [];
  let inner: unknown = failure;
  for (let depth = 0; isObject(inner) && depth < maxCauses; depth++, inner = inner.cause) {
    if (depth > 0) detail.push(`Caused by ${typeOf(inner)}: ${text(inner.message)}`);
    if (text(inner.stackTrace) !== '') detail.push(text(inner.stackTrace));
  }
  return create(StepErrorSchema, {
    type: typeOf(failure) || otherwise.type,
    message: text(failure.message) || otherwise.message,
    detail: detail.join('\n'),
  });
}

/** What the application called it; else the kind of failure: "timeout", "canceled". */
function typeOf(failure: JsonObject): string {
  const { applicationFailureInfo: info, timeoutFailureInfo: timeout } = failure;
  if (isObject(info) && text(info.type) !== '') return text(info.type);
  if (isObject(timeout)) return `Timeout ${plain(timeout.timeoutType, 'TIMEOUT_TYPE_')}`.trim();
  const kind = Object.keys(failure).find((name) => name.endsWith('FailureInfo'));
  return kind === undefined ? '' : kind.slice(0, -'FailureInfo'.length);
}

/** A value of an enum without its prefix. */
export function plain(value: unknown, prefix: string): string {
  return text(value).replace(prefix, '');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
