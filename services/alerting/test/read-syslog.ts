// Reads RFC 5424 by its ABNF (section 6), with nothing of our own writer.
export interface ReadSyslog {
  readonly facility: number;
  readonly severity: number;
  readonly timestamp: string;
  readonly hostname: string;
  readonly appName: string;
  readonly procId: string;
  readonly msgId: string;
  readonly data: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly message: string;
}

const sdName = '[!#-<>-\\\\^-~]{1,32}';
const param = `${sdName}="(?:[^"\\\\\\]]|\\\\["\\\\\\]])*"`;
const element = `\\[${sdName}(?: ${param})*\\]`;
const timestamp = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const names = '([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32})';
const message = new RegExp(`^<(0|[1-9]\\d{0,2})>1 (${timestamp}) ${names} (-|(?:${element})+) \ufeff(.*)$`, 's');

/** @throws if it is none, with ms in its time and the byte order mark before its text */
export function readSyslog(text: string): ReadSyslog {
  const [, pri, time = '', hostname = '', appName = '', procId = '', msgId = '', sd = '', said = ''] = message.exec(text) ?? [];
  if (pri === undefined || Number(pri) > 191) throw new Error(`no message of RFC 5424: ${JSON.stringify(text)}`);
  const elements = [...sd.matchAll(new RegExp(element, 'g'))].map(([each]): [string, Record<string, string>] => {
    const id = new RegExp(`^\\[(${sdName})`).exec(each)?.[1] ?? '';
    const params = [...each.matchAll(new RegExp(param, 'g'))].map(([one]): [string, string] => {
      const equals = one.indexOf('=');
      return [one.slice(0, equals), one.slice(equals + 2, -1).replace(/\\(["\\\]])/g, '$1')];
    });
    return [id, Object.fromEntries(params)];
  });
  return {
    ...{ facility: Math.floor(Number(pri) / 8), severity: Number(pri) % 8, timestamp: time },
    ...{ hostname, appName, procId, msgId, data: Object.fromEntries(elements), message: said },
  };
}
