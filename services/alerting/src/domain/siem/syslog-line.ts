// An alert as a message of syslog: CEF or OCSF after a header and one element of structured data by which it is known again.
import { formatInstant } from '../instant.ts';
import { cefEvent, formatCef, plain } from './cef.ts';
import { ocsfEvent } from './ocsf.ts';
import { formatSyslog } from './rfc5424.ts';
import { scalesOf } from './severity-scales.ts';
import { shortened, type SiemAlert } from './siem-alert.ts';

export interface SyslogStyle {
  readonly format: 'cef' | 'ocsf';
  readonly facility: number;
  readonly hostname: string;
  readonly appName: string;
}

/** 32473 is the enterprise number that RFC 5612 sets aside for examples: TMWS has none of its own. */
export const sdId = 'tmws@32473';

/** Receivers should take 8,192 (RFC 5425 section 4.3.1); rsyslog cuts what is longer than 8,096 unless its maxMessageSize says more. */
export const mostBytes = 8000;

/** The message, at most `mostBytes`: first its texts are cut, then labels and annotations left out. */
export function syslogLine(alert: SiemAlert, style: SyslogStyle): string {
  for (const most of [Infinity, 4000, 1000, 250, 60]) {
    const line = lineOf(most === Infinity ? alert : shortened(alert, most), style);
    if (Buffer.byteLength(line) <= mostBytes) return line;
  }
  return lineOf({ ...shortened(alert, 60), labels: {}, annotations: {} }, style);
}

function lineOf(alert: SiemAlert, { format, facility, hostname, appName }: SyslogStyle): string {
  return formatSyslog({
    ...{ facility, hostname, appName },
    severity: scalesOf(alert.severity).syslog,
    timestamp: formatInstant(alert.atMs),
    procId: '',
    msgId: alert.status === 'resolved' ? 'ALERT-RESOLVED' : 'ALERT-FIRING',
    data: [
      {
        id: sdId,
        params: [
          ['id', alert.id],
          ['notification', alert.messageId],
          ['fingerprint', alert.fingerprint],
          ['namespace', plain(alert.namespace)],
          ['status', alert.status],
        ],
      },
    ],
    message: format === 'cef' ? formatCef(cefEvent(alert)) : JSON.stringify(ocsfEvent(alert)),
  });
}
