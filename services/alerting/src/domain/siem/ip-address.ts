const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

export const isIpv4 = (text: string): boolean => ipv4.test(text);

/** Whether a text is an address of IPv4 or IPv6 as RFC 4291 section 2.2 writes them, without a zone. */
export function isIpAddress(text: string): boolean {
  if (isIpv4(text)) return true;
  // An IPv4 address at its end stands for two groups.
  const tail = /^(.*:)([\d.]+)$/.exec(text);
  const dotted = tail !== null && isIpv4(tail[2] ?? '');
  const whole = dotted ? `${tail[1] ?? ''}0:0` : text;
  const halves = whole.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (halves.length > 2 || !groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? groups.length <= 7 : groups.length === 8;
}
