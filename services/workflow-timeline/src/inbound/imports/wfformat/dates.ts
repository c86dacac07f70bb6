import { parseTime } from '@tmws/events';
import { wrong } from '../json.ts';

// Real files have three shapes: 20200401T035043+0000 (Pegasus 4), 12-20-20T21:10:21Z (Pegasus 5: month, day, year), and
// ISO 8601 (Makeflow, Nextflow); times without a zone are UTC.
const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)()(Z|[+-]\d\d:?\d\d)?$/;
const monthFirst = /^(\d\d)-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/;
const iso = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:?\d\d)?$/;

/** A time as WfFormat files have it, ns since the epoch. @throws Problem `invalid` */
export function parseDate(text: string, at: string): bigint {
  const [, year, month, day, ...time] = compact.exec(text) ?? iso.exec(text) ?? yearFirst(monthFirst.exec(text)) ?? [];
  const [hour, minute, second, fraction = '', zone = 'Z'] = time;
  const offset = zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  try {
    return parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${offset}`, at);
  } catch {
    const allowed = 'a time from 1970 to 2200 like "2020-04-01T03:50:43+00:00", "20200401T035043+0000" or "04-01-20T03:50:43Z"';
    throw wrong(at, allowed, text);
  }
}

function yearFirst(match: RegExpExecArray | null): string[] | undefined {
  if (match === null) return undefined;
  const [whole, month = '', day = '', year = '', ...time] = match;
  return [whole, `20${year}`, month, day, ...time];
}
