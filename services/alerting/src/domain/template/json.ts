import { formatTime } from './go-time.ts';
import { List, Markup, Span, StringMap, Time, type Value } from './values.ts';

const goNames: Readonly<Record<string, string>> = { GeneratorURL: 'generatorURL', ExternalURL: 'externalURL' };

/** A value as Go's JSON: fields in small letters first, times as RFC 3339, `<`, `>` and `&` escaped. */
export const toJson = (value: Value): string =>
  JSON.stringify(plain(value)).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');

function plain(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Time) return formatTime(value, '2006-01-02T15:04:05.999999999Z07:00');
  if (value instanceof Span) return value.ms * 1_000_000;
  if (value instanceof Markup) return value.text;
  if (value instanceof StringMap) return Object.fromEntries(value.entries);
  if (value instanceof List) return value.items.map(plain);
  const fields = [...value.fields].flatMap(([name, each]) =>
    typeof each === 'function'
      ? []
      : [[goNames[name] ?? `${name.charAt(0).toLowerCase()}${name.slice(1)}`, plain(each)] as const],
  );
  return Object.fromEntries(fields);
}
