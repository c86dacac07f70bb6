// An answer may say again what was sent; what it holds of credentials gets no further.
const least = 6;
const mask = '<secret>';

/** Headers that name nobody. */
const open = [
  'accept',
  'connection',
  'content-type',
  'idempotency-key',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'x-splunk-request-channel',
];

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** What of a request must be in no text: credentials in headers, in the address, and parts of a path that look like a token. */
export function credentialsOf(url: URL, headers: Headers): string[] {
  const inHeaders = Object.entries(headers)
    .filter(([name]) => !open.includes(name.toLowerCase()))
    .flatMap(([, value]) => value)
    .flatMap((value) => [value, ...ofScheme(value)]);
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  const asHeader = url.password === '' ? [] : [Buffer.from(pair).toString('base64'), pair];
  const inAddress = [
    ...asHeader,
    url.password,
    ...url.searchParams.values(),
    ...url.pathname.split('/').filter((part) => isToken(part)),
  ];
  const all = [...inHeaders, ...inAddress].flatMap((each) => [each, decoded(each)]).filter(({ length }) => length >= least);
  // The longest first: a part of one that is masked tells nothing.
  return [...new Set(all)].toSorted((a, b) => b.length - a.length);
}

/** The text with a word in place of each of them, as they are and as JSON and addresses write them. */
export function masked(text: string, credentials: readonly string[]): string {
  return credentials
    .flatMap((each) => [each, JSON.stringify(each).slice(1, -1), encodeURIComponent(each)])
    .reduce((rest, each) => rest.replaceAll(each, mask), text);
}

/** `Basic`: the pair and its password; of others what stands behind the scheme. */
function ofScheme(value: string): string[] {
  const [, scheme = '', rest = ''] = /^([\w-]+) +(.+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return [rest];
  const pair = Buffer.from(rest, 'base64').toString();
  return [rest, pair, pair.slice(pair.indexOf(':') + 1)];
}

const isToken = (part: string): boolean => part.length >= 12 && /\d/.test(part);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
