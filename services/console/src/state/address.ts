// Addresses of the console's pages. The URL is the state: what can be seen can be linked.

/** The parts of an area that have an address of their own; the first is at the area's. */
export const alertsViews = ['groups', 'silences', 'rules', 'receivers', 'deliveries', 'history'] as const;
export const auditViews = ['log', 'keys'] as const;
export type AlertsView = (typeof alertsViews)[number];
export type AuditView = (typeof auditViews)[number];

export type Page =
  | { name: 'executions' }
  | { name: 'execution'; id: string }
  | { name: 'alerts'; view: AlertsView }
  | { name: 'alert'; fingerprint: string }
  | { name: 'rule'; id: string }
  | { name: 'audit'; view: AuditView }
  | { name: 'nowhere' };

/** Which page a path shows. A path that cannot be decoded shows none. */
export function pageAt(path: string): Page {
  if (path === '/' || path === '/executions' || path === '/executions/') return { name: 'executions' };
  const [, area = '', rest = ''] = /^\/(alerts|audit)(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  if (area === 'alerts' && /^[0-9a-f]{16}$/.test(rest)) return { name: 'alert', fingerprint: rest };
  if (area === 'alerts') return viewOf(alertsViews, rest, (view) => ({ name: 'alerts', view }));
  if (area === 'audit') return viewOf(auditViews, rest, (view) => ({ name: 'audit', view }));
  const [, of, encoded = ''] = /^\/(executions|alerts\/rules)\/([^/]+)\/?$/.exec(path) ?? [];
  if (of === undefined) return { name: 'nowhere' };
  try {
    return { name: of === 'executions' ? 'execution' : 'rule', id: decodeURIComponent(encoded) };
  } catch {
    return { name: 'nowhere' };
  }
}

/** The first view is at the area itself, and nowhere else. */
function viewOf<View extends string>(views: readonly [View, ...View[]], rest: string, page: (view: View) => Page): Page {
  const view = rest === '' ? views[0] : views.slice(1).find((each) => each === rest);
  return view === undefined ? { name: 'nowhere' } : page(view);
}

/** What goes along from page to page. */
const lasting = ['namespace', 'theme'];

/** The page's own link, keeping the namespace of `search` and the theme where the address gives one. */
export function linkTo(page: Exclude<Page, { name: 'nowhere' }>, search: URLSearchParams): string {
  const kept = new URLSearchParams([...search].filter(([name]) => lasting.includes(name)));
  const query = kept.size === 0 ? '' : `?${kept.toString()}`;
  return pathOf(page) + query;
}

function pathOf(page: Exclude<Page, { name: 'nowhere' }>): string {
  if (page.name === 'executions') return '/';
  if (page.name === 'execution') return `/executions/${encodeURIComponent(page.id)}`;
  if (page.name === 'rule') return `/alerts/rules/${encodeURIComponent(page.id)}`;
  if (page.name === 'alert') return `/alerts/${page.fingerprint}`;
  const first = page.name === 'alerts' ? alertsViews[0] : auditViews[0];
  return page.view === first ? `/${page.name}` : `/${page.name}/${page.view}`;
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
