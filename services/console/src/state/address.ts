// Addresses of the console's pages. The URL is the state: what can be seen can be linked.

export type Page = { name: 'executions' } | { name: 'execution'; id: string } | { name: 'nowhere' };

/** Which page a path shows. A path that cannot be decoded shows none. */
export function pageAt(path: string): Page {
  if (path === '/' || path === '/executions' || path === '/executions/') return { name: 'executions' };
  const encoded = /^\/executions\/([^/]+)\/?$/.exec(path)?.[1];
  if (encoded === undefined) return { name: 'nowhere' };
  try {
    return { name: 'execution', id: decodeURIComponent(encoded) };
  } catch {
    return { name: 'nowhere' };
  }
}

/** What goes along from page to page. */
const lasting = ['namespace', 'theme'];

/** The page's own link, keeping the namespace of `search` and the theme where the address gives one. */
export function linkTo(page: Exclude<Page, { name: 'nowhere' }>, search: URLSearchParams): string {
  const kept = new URLSearchParams([...search].filter(([name]) => lasting.includes(name)));
  const query = kept.size === 0 ? '' : `?${kept.toString()}`;
  return (page.name === 'executions' ? '/' : `/executions/${encodeURIComponent(page.id)}`) + query;
}

/** The list of a workflow's executions. */
export function linkToRuns(workflow: string, search: URLSearchParams): string {
  const list = new URLSearchParams(linkTo({ name: 'executions' }, search).slice(2));
  return `/?${withParameters(list, { workflow }).toString()}`;
}

/** The list as it was left: its query as it stood, but the namespace and theme of now. Of another namespace it was another list. */
export function linkToList(leftAs: string, search: URLSearchParams): string {
  const list = new URLSearchParams(leftAs);
  if ((list.get('namespace') ?? '') !== (search.get('namespace') ?? '')) return linkTo({ name: 'executions' }, search);
  const query = withParameters(list, Object.fromEntries(lasting.map((name) => [name, search.get(name) ?? '']))).toString();
  return query === '' ? '/' : `/?${query}`;
}

/** The query with some parameters set anew; an empty value takes its parameter away. */
export function withParameters(search: URLSearchParams, changes: Readonly<Record<string, string>>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}
