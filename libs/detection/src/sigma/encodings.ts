// Modifiers that write a string another way before it is looked for.
import { RuleFault } from '../fault.ts';
import { plainText, type Token } from './pattern.ts';

/** What an encoding works on: characters stand for bytes once a UTF-16 modifier was there. */
export interface Encoded {
  readonly tokens: readonly Token[];
  /** Each character is a byte. */
  readonly bytes: boolean;
}

export type Utf16 = 'utf16' | 'utf16le' | 'utf16be' | 'wide';

export function utf16({ tokens, bytes }: Encoded, how: Utf16): Encoded {
  if (bytes) throw new RuleFault(`${how} stands behind another encoding; give one`);
  const encoded = tokens.map((token) => (typeof token === 'string' ? utf16Text(token, how === 'utf16be') : token));
  return { tokens: how === 'utf16' ? ['\u00ff\u00fe', ...encoded] : encoded, bytes: true };
}

function utf16Text(text: string, bigEnd: boolean): string {
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    const [high, low] = [String.fromCharCode(unit >> 8), String.fromCharCode(unit & 0xff)];
    out += bigEnd ? high + low : low + high;
  }
  return out;
}

export function base64(value: Encoded): Encoded {
  return { tokens: [toBase64(bytesOf(value, 'base64'))], bytes: false };
}

/** The three ways a text can lie in what is encoded, without the ends that its neighbours have a part in. */
export function base64Offsets(value: Encoded): Encoded[] {
  const bytes = bytesOf(value, 'base64offset');
  return [0, 1, 2].map((offset) => {
    const text = toBase64(Uint8Array.of(...new Uint8Array(offset), ...bytes));
    const cut = (bytes.length + offset) % 3;
    const whole = text.slice([0, 2, 3][offset], cut === 0 ? undefined : cut === 1 ? -3 : -2);
    return { tokens: [whole], bytes: false };
  });
}

function bytesOf({ tokens, bytes }: Encoded, modifier: string): Uint8Array {
  const text = plainText(tokens);
  if (text === undefined)
    throw new RuleFault(`${modifier} cannot encode the wildcards * and ?; escape them (\\*) or leave them out`);
  return bytes ? Uint8Array.from(text, (char) => char.charCodeAt(0)) : new TextEncoder().encode(text);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

const dashes = '-/\u2013\u2014\u2015';

/**
 * `windash`: a dash or slash that begins a word (a flag of a command line) may be any of `-`, `/`, en dash, em dash and horizontal
 * bar, each on its own. One inside a word stays what it is.
 */
export function anyDash({ tokens, bytes }: Encoded): Encoded {
  const out = tokens.flatMap((token, i): Token[] => {
    if (typeof token !== 'string') return [token];
    const parts: Token[] = [];
    let plain = '';
    for (let at = 0; at < token.length; at += 1) {
      const before = at === 0 ? (i === 0 ? '' : ' ') : (token[at - 1] as string);
      if (dashes.includes(token[at] as string) && !/\w/.test(before) && /\w/.test(token[at + 1] ?? '')) {
        if (plain !== '') parts.push(plain);
        plain = '';
        parts.push({ oneOf: dashes });
      } else plain += token[at] as string;
    }
    return plain === '' ? parts : [...parts, plain];
  });
  return { tokens: out, bytes };
}
