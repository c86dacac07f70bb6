// An API key as it is typed: `tmws_` + 8 hex digits that name it + `_` + 43 characters. The first admin key may be any text.

const secretLength = 43;

/** What names a key, which is no secret; undefined of what has not that form. */
export const prefixOf = (key: string): string | undefined => /^tmws_[0-9a-f]{8}(?=_)/.exec(key)?.[0];

/** What was refused, by its name, and where its form says why. The server says of none whether it is unknown, has expired or was revoked. */
export function refusedKeyWords(key: string): string {
  const prefix = prefixOf(key);
  if (prefix === undefined)
    return key.startsWith('tmws_')
      ? 'What was entered begins like an API key and is none: tmws_, 8 hex digits, _ and 43 characters.'
      : 'What was entered is not the admin key of this server, and has not the form of an API key (tmws_…).';
  const rest = key.slice(prefix.length + 1);
  if (rest.length === secretLength && /^[\w-]*$/.test(rest))
    return `The key ${prefix} is not taken: it is unknown, wrong, has expired or was revoked. The audit says which; an admin can read it, or make a new key.`;
  return `The key ${prefix} is not whole: ${secretLength} characters of A–Z, a–z, 0–9, _ and - follow its name, here ${rest.length === secretLength ? 'are others' : `are ${rest.length}`}.`;
}
