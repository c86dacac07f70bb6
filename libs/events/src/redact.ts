// What must not be kept: values under telling keys, and texts that look like credentials.

const censored = '[redacted]';

const tellingKey =
  /(?:password|passwd|passphrase|secret|apikey|accesskey|privatekey|secretkey|connectionstring|(?:access|refresh|id|auth|bearer|session|api|csrf|xsrf|security|oauth|github|gitlab|slack|bot)token)$/;
const tellingKeys = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'pwd',
  'token',
  'credential',
  'credentials',
]);

const tellingWord =
  '(?:passw(?:or)?d|passphrase|secret|(?<![A-Za-z])pwd|(?:api|access|private|secret)[_-]?key|(?:access|refresh|id|auth|bearer|session|api|client)[_-]?token)';
// The end of a name, `:` or `=`, and the beginning of a value, in any depth of quoting.
const is = String.raw`\\{0,4}["']?\s{0,3}[=:]\s{0,3}\\{0,4}`;

// Each is linear in the text: bounded repeats, or runs of one class that begin where no such run is before them.
const tellingTexts: readonly [RegExp, string][] = [
  // A scheme and what looks like no word: a digit, =, a capital after a small letter, or great length.
  [
    /\b([Bb]earer|BEARER|[Bb]asic|BASIC)\s{1,3}(?=[\w+/.~-]{0,200}[0-9=+]|[A-Za-z]{0,200}[a-z][A-Z]|[\w+/.~-]{16})[\w+/.~=-]{8,}/g,
    `$1 ${censored}`,
  ],
  [
    /(authorization\\{0,4}["']?\s{0,3}[=:]\s{0,3}\\{0,4}["']?(?:bearer|basic|digest|token|apikey)\s{1,3})[^\s"'\\]{3,}/gi,
    `$1${censored}`,
  ],
  [/\b(tmws_[0-9a-f]{8})_[\w-]{43}/g, `$1_${censored}`],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, censored],
  [/\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}/g, censored],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, censored],
  [/\bgh[pousr]_[A-Za-z0-9]{30,}/g, censored],
  [/\bgithub_pat_[A-Za-z0-9_]{30,}/g, censored],
  [/\bglpat-[A-Za-z0-9_-]{16,}/g, censored],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, censored],
  [/\bAIza[0-9A-Za-z_-]{35}/g, censored],
  [/\bnpm_[A-Za-z0-9]{30,}/g, censored],
  [/(?<![\w-])([\w-]{0,16}?)eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g, `$1${censored}`],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, censored],
  [/(:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,200}@/g, `$1${censored}@`],
  [/([?&](?:token|sig|signature|auth)=)[^\s&"'#\\]{8,}/gi, `$1${censored}`],
  [/(hooks\.slack\.com\/services\/)[A-Za-z0-9/]{20,}/g, `$1${censored}`],
  [new RegExp(`(${tellingWord}${is}["'])[^"'\\\\\n]+`, 'gi'), `$1${censored}`],
  [new RegExp(`(${tellingWord}${is})[^\\s"'&,;\\\\]{3,}`, 'gi'), `$1${censored}`],
];
// A member of JSON with a text for a value, so that telling keys count also in JSON that is kept as text.
const jsonMember = /"([\w.\- ]{1,64})"(\s{0,3}:\s{0,3})"(?:[^"\\]|\\[^])*/g;
// One cheap look that most texts do not pass.
const mayTell =
  /bearer|basic|tmws_|sk-|_live_|_test_|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|AIza|npm_|eyJ|PRIVATE KEY|:\/\/|passw|passp|pwd|secret|key|token|sig|auth|cookie|credential|connection|slack/i;

const maxPasses = 8;

/** The text with credentials replaced. */
export function redactCredentials(text: string): string {
  if (!mayTell.test(text)) return text;
  // What stands in place of one credential may be what shows the next.
  let kept = text;
  for (let before = '', pass = 0; kept !== before && pass < maxPasses; pass++) {
    before = kept;
    kept = redactedOnce(kept);
  }
  return kept;
}

function redactedOnce(text: string): string {
  const members = text.replace(jsonMember, (member, key: string, colon: string) =>
    isTellingKey(key) ? `"${key}"${colon}"${censored}` : member,
  );
  return tellingTexts.reduce((kept, [pattern, instead]) => kept.replace(pattern, instead), members);
}

/** The text with credentials replaced, and made storable: lone surrogates and NUL become U+FFFD. */
export function redactText(text: string): string {
  return redactCredentials(text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd'));
}

/** Whether a key says that its value is a credential. */
export function isTellingKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[-_.\s]/g, '');
  return tellingKeys.has(plain) || tellingKey.test(plain);
}

interface Ruling {
  /** The key as it is kept. */
  readonly name: string;
  readonly telling: boolean;
  readonly countsTokens: boolean;
}

/** What was found out about keys: the steps of a report have the same ones over and over. Made for one report or one batch of them. */
export type KnownKeys = Map<string, Ruling>;

const maxKnownKeys = 10_000;

function rulingOn(key: string, known: KnownKeys): Ruling {
  const before = known.get(key);
  if (before !== undefined) return before;
  const ruling = { name: redactText(key), telling: isTellingKey(key), countsTokens: /token$/i.test(key) };
  if (known.size < maxKnownKeys) known.set(key, ruling);
  return ruling;
}

/** A JSON value with credentials replaced at any depth; what is deeper than 64 levels is cut off. */
export function redactValue(value: unknown, known: KnownKeys = new Map(), depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 64) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, known, depth + 1));
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    const { name, telling, countsTokens } = rulingOn(key, known);
    // A flag is no secret, and a number under "token" counts tokens.
    const harmless = inner === null || typeof inner === 'boolean' || (typeof inner === 'number' && countsTokens);
    const own = telling && !harmless ? censored : redactValue(inner, known, depth + 1);
    if (name === '__proto__')
      Object.defineProperty(kept, name, { value: own, enumerable: true, configurable: true, writable: true });
    else kept[name] = own;
  }
  return kept;
}
