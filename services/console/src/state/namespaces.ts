// Namespaces seen in this browser: the server does not list them, and links bring new ones.

const separator = '\n';
const most = 8;
/** What an absent namespace means to the server. */
const standard = 'default';

/** The default namespace and the others, last seen first. */
export const remembered = (kept: string | undefined): string[] => [
  standard,
  ...(kept ?? '').split(separator).filter((name) => name !== '' && name !== standard),
];

export const withNamespace = (kept: string | undefined, name: string): string =>
  [name, ...remembered(kept).filter((each) => each !== name && each !== standard)].slice(0, most).join(separator);

/** The list of another namespace. What was chosen or filtered here means nothing there; the theme does. */
export function namespaceLink(name: string, search: URLSearchParams): string {
  const query = new URLSearchParams();
  if (name !== '' && name !== standard) query.set('namespace', name);
  const theme = search.get('theme');
  if (theme !== null) query.set('theme', theme);
  return query.size === 0 ? '/' : `/?${query.toString()}`;
}
