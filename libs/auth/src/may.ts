import { type Principal, roles, type Scope, scopesOfRole } from './principal.ts';

/** Whether, and if not, what is missing and who can give it. */
export type Decision =
  { readonly allowed: true } | { readonly allowed: false; readonly missing: 'scope' | 'namespace'; readonly reason: string };

/**
 * Whether a principal may do what needs `scope` in `namespace`.
 *
 * Pure. The scope is looked at first, so that who lacks both learns nothing of namespaces.
 *   M1  allowed exactly when the principal has the scope and the namespace
 *   M2  `*` as namespace (all of them at once) needs a principal of all namespaces
 *   M3  a principal of more scopes or more namespaces is allowed whatever one of fewer is
 */
export function may(principal: Principal, scope: Scope, namespace: string): Decision {
  const { namespaces } = principal;
  if (!principal.scopes.includes(scope)) {
    const has = principal.scopes.length === 0 ? 'no scope' : principal.scopes.join(', ');
    const role = roles.find((each) => scopesOfRole[each].includes(scope)) ?? 'admin';
    const reason = `this needs the scope ${scope}, and ${who(principal)} has ${has}; an admin can give a credential of the role ${role}`;
    return { allowed: false, missing: 'scope', reason };
  }
  if (namespaces === '*' || (namespace !== '*' && namespaces.includes(namespace))) return { allowed: true };
  const wanted = namespace === '*' ? 'this needs all namespaces' : `this needs the namespace ${JSON.stringify(namespace)}`;
  const has = namespaces.length === 0 ? 'none' : named(namespaces);
  const reason = `${wanted}, and ${who(principal)} has ${has}; an admin can give a credential that has it`;
  return { allowed: false, missing: 'namespace', reason };
}

/** The namespace that is meant when a request names none: the only one of the principal, else undefined. */
export function onlyNamespace({ namespaces }: Principal): string | undefined {
  return namespaces !== '*' && namespaces.length === 1 ? namespaces[0] : undefined;
}

function who({ name, credential }: Principal): string {
  const which = credential === '' || credential === name ? '' : ` (${credential})`;
  return `${JSON.stringify(name.slice(0, 80))}${which}`;
}

function named(namespaces: readonly string[]): string {
  const shown = namespaces.slice(0, 5).join(', ');
  return namespaces.length > 5 ? `${shown} and ${namespaces.length - 5} more` : shown;
}
