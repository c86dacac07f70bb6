// An alert as one line of the Common Event Format. Source: ArcSight's "Common Event Format", version 0: header, extension dictionary, escapes.
import type { LabelSet } from '../label-set.ts';
import { isIpv4 } from './ip-address.ts';
import { scalesOf } from './severity-scales.ts';
import type { SiemAlert } from './siem-alert.ts';

export interface CefEvent {
  readonly vendor: string;
  readonly product: string;
  readonly version: string;
  readonly signature: string;
  readonly name: string;
  /** 0 to 10. */
  readonly severity: number;
  /** Keys are letters and digits. Those of an empty value are left out. */
  readonly extension: readonly (readonly [key: string, value: string])[];
}

/**
 * The line.
 *
 *   C1  in the header `\` and `|` are escaped, and an end of line is a space, as it cannot be written there
 *   C2  in values `\` and `=` are escaped, and ends of lines are `\n` and `\r`
 *   C3  other control characters are spaces, so it is one line whatever went in
 *   C4  whoever reads it as ArcSight says gets back what went in, but for C1's and C3's spaces
 */
export function formatCef({ vendor, product, version, signature, name, severity, extension }: CefEvent): string {
  const header = [vendor, product, version, signature, name, String(severity)].map(inHeader).join('|');
  const values = extension.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${inValue(value)}`);
  return `CEF:0|${header}|${values.join(' ')}`;
}

const inHeader = (text: string): string => plain(text.replace(/\r\n|\r|\n/g, ' ')).replace(/[\\|]/g, '\\$&');

const inValue = (text: string): string => plain(text.replace(/[\\=]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r'));

// eslint-disable-next-line no-control-regex -- what is taken out are control characters
export const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');

/** The alert with the keys of the dictionary; free texts are cut to the dictionary's lengths. */
export function cefEvent(alert: SiemAlert): CefEvent {
  const { sourceIp, endMs } = alert;
  const isV6 = sourceIp !== '' && !isIpv4(sourceIp);
  const custom = (number: number, label: string, value: string): [string, string][] =>
    value === '' ? [] : [[`cs${number}`, cut(value, 4000)], [`cs${number}Label`, label]]; // prettier-ignore
  return {
    ...{ vendor: 'TMWS', product: 'alerting', version: '1' },
    signature: cut(alert.ruleId, 1023),
    name: cut(alert.name, 512),
    severity: scalesOf(alert.severity).cef,
    extension: [
      ['rt', String(alert.atMs)],
      ['start', String(alert.startMs)],
      ['end', endMs === undefined ? '' : String(endMs)],
      ['externalId', alert.messageId],
      ['cat', alert.eventType || alert.about],
      ['act', alert.status],
      ['outcome', alert.about === 'failed sign-ins' && alert.status === 'firing' ? 'failure' : ''],
      ['src', isV6 ? '' : sourceIp],
      ...(isV6 ? ([['c6a2', sourceIp], ['c6a2Label', 'Source IPv6 Address']] as const) : []), // prettier-ignore
      ['shost', cut(alert.sourceName, 1023)],
      ['suser', cut(alert.user, 1023)],
      ['sourceServiceName', cut(alert.service, 1023)],
      ['request', cut(alert.url, 1023)],
      ...custom(1, 'Namespace', alert.namespace),
      ...custom(2, 'Fingerprint', alert.fingerprint),
      ...custom(3, 'Labels', pairs(alert.labels)),
      ...custom(4, 'Rule', alert.ruleName),
      ...custom(5, 'Trace', alert.traceId),
      ...custom(6, 'Group', alert.groupKey),
      ['msg', cut([alert.summary, alert.description].filter(isNew).join('\n'), 1023)],
    ],
  };
}

const isNew = (text: string, index: number, all: readonly string[]): boolean => text !== '' && all.indexOf(text) === index;

const pairs = (set: LabelSet): string =>
  Object.entries(set)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`);
