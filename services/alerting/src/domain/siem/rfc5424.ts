// Messages of RFC 5424, and their frames on a stream (RFC 6587 section 3.4.1 and RFC 5425 section 4.3: octet counting).

export interface SyslogMessage {
  /** 0 to 23. */
  readonly facility: number;
  /** 0 emergency to 7 debug. */
  readonly severity: number;
  /** As RFC 3339 writes it, in UTC, with ms. */
  readonly timestamp: string;
  readonly hostname: string;
  readonly appName: string;
  readonly procId: string;
  readonly msgId: string;
  readonly data: readonly { readonly id: string; readonly params: readonly (readonly [name: string, value: string])[] }[];
  readonly message: string;
}

/**
 * The message.
 *
 *   S1  PRI = facility * 8 + severity
 *   S2  HOSTNAME, APP-NAME, PROCID and MSGID are 1 to 255, 48, 128 and 32 printable ASCII characters; others become `_`, none is `-`
 *   S3  names of structured data are 1 to 32 of them without `=`, `]` and `"`; in values `"`, `\` and `]` are escaped, and nothing else
 *   S4  MSG begins with the byte order mark, which says that it is UTF-8
 */
export function formatSyslog(message: SyslogMessage): string {
  const { facility, severity, timestamp, hostname, appName, procId, msgId, data } = message;
  const header = [hostnameOf(hostname), printable(appName, 48), printable(procId, 128), printable(msgId, 32)].join(' ');
  const elements = data.map(({ id, params }) => {
    const values = params.map(([name, value]) => ` ${sdName(name)}="${value.toWellFormed().replace(/["\\\]]/g, '\\$&')}"`);
    return `[${sdName(id)}${values.join('')}]`;
  });
  const text = message.message.toWellFormed();
  return `<${facility * 8 + severity}>1 ${timestamp} ${header} ${elements.join('') || '-'} \ufeff${text}`;
}

/** LEN SP MSG, with the length in octets. */
export function syslogFrame(message: string): Buffer {
  const octets = Buffer.from(message, 'utf8');
  return Buffer.concat([Buffer.from(`${octets.length} `), octets]);
}

const hostnameOf = (text: string): string => printable(text, 255);

function printable(text: string, most: number): string {
  const ascii = Array.from(text, (each) => (/^[!-~]$/.test(each) ? each : '_')).slice(0, most);
  return ascii.join('') || '-';
}

const sdName = (text: string): string => printable(text, 32).replace(/[=\]"]/g, '_');
