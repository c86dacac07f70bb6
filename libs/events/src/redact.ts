// What must not be kept: values under telling keys, and texts that look like credentials.

const censored = '[redacted]';

const tellingKey =
  /(?:password|passwd|passphrase|secret|apikey|accesskey|privatekey|accesstoken|refreshtoken|idtoken|authtoken|bearertoken|sessiontoken|secretkey|connectionstring)$/;
const tellingKeys = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'pwd',
  'token',
  'credential',
  'credentials',
  'xapikey',
]);

// Each is linear in the text: bounded or single-class repeats, no nesting.
const tellingTexts: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/._~=-]{8,}/gi, `$1 ${censored}`],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, censored],
  [/\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}/g, censored],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, censored],
  [/\bgh[pousr]_[A-Za-z0-9]{30,}/g, censored],
  [/\bgithub_pat_[A-Za-z0-9_]{30,}/g, censored],
  [/\bglpat-[A-Za-z0-9_-]{16,}/g, censored],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, censored],
  [/\bAIza[0-9A-Za-z_-]{35}/g, censored],
  [/\bnpm_[A-Za-z0-9]{30,}/g, censored],
  [/\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g, censored],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g, censored],
  [/(:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,200}@/g, `$1${censored}@`],
  [/\b(password|passwd|pwd|secret|api[_-]?key|access[_-]?token)(\s{0,3}[=:]\s{0,3})[^\s"'&,;]{3,}/gi, `$1$2${censored}`],
];
// One cheap look that most texts do not pass.
const mayTell =
  /bearer|basic|sk-|_live_|_test_|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|AIza|npm_|eyJ|PRIVATE KEY|:\/\/|passw|pwd|secret|key|token/i;

/** The text with credentials replaced, and made storable: lone surrogates and NUL become U+FFFD. */
export function redactText(text: string): string {
  const storable = text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
  if (!mayTell.test(storable)) return storable;
  return tellingTexts.reduce((kept, [pattern, instead]) => kept.replace(pattern, instead), storable);
}

/** Whether a key says that its value is a credential. */
export function isTellingKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[-_.\s]/g, '');
  return tellingKeys.has(plain) || tellingKey.test(plain);
}

/** A JSON value with credentials replaced at any depth; what is deeper than 64 levels is cut off. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 64) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = redactText(key);
    const censor = isTellingKey(key) && inner !== null && typeof inner !== 'boolean';
    Object.defineProperty(kept, name, {
      value: censor ? censored : redactValue(inner, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return kept;
}
