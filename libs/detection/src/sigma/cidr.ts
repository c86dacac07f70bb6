import { RuleFault } from '../fault.ts';

/** Whether a text is an address in the network; an IPv4 address inside IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 one. */
export function cidrMatcher(network: string): (text: string) => boolean {
  const [, address = '', length] = /^([^/]+)\/(\d{1,3})$/.exec(network) ?? /^([^/]+)$/.exec(network) ?? [];
  const base = addressBits(address);
  const bits = base?.version === 4 ? 32 : 128;
  const kept = length === undefined ? bits : Number(length);
  if (base === undefined || kept > bits) {
    throw new RuleFault(`cidr wants a network like 10.0.0.0/8 or 2001:db8::/32 (got ${JSON.stringify(network)})`);
  }
  const shift = BigInt(bits - kept);
  const wanted = base.value >> shift;
  return (text) => {
    const found = addressBits(text);
    return found !== undefined && found.version === base.version && found.value >> shift === wanted;
  };
}

interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

function addressBits(text: string): Address | undefined {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (four !== null) {
    const parts = four.slice(1).map(Number);
    if (parts.some((part) => part > 255)) return undefined;
    return { version: 4, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
  }
  if (!text.includes(':')) return undefined;
  const groups = sixGroups(text.replace(/%.*$/s, ''));
  if (groups === undefined) return undefined;
  const value = groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
  return value >> 32n === 0xffffn ? { version: 4, value: value & 0xffffffffn } : { version: 6, value };
}

function sixGroups(text: string): number[] | undefined {
  const tail = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
  const four = tail?.[2] === undefined ? undefined : addressBits(tail[2]);
  if (tail !== null && four === undefined) return undefined;
  const hex =
    four === undefined ? text : `${tail?.[1] ?? ''}${(four.value >> 16n).toString(16)}:${(four.value & 0xffffn).toString(16)}`;
  const halves = hex.split('::');
  const [left = [], right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all =
    right === undefined ? left : [...left, ...Array<string>(Math.max(1, 8 - left.length - right.length)).fill('0'), ...right];
  if (halves.length > 2 || all.length !== 8 || all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.map((group) => parseInt(group, 16));
}
