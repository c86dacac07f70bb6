import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ApiProblem } from '../api/api-problem.ts';
import { namespaceWords, rightsWords, type Who } from '../model/who.ts';
import { formatAgo, formatInstant } from '../model/when.ts';
import { useConsole } from '../state/console.ts';
import { Icon } from './icon.tsx';
import { useCloseOutside } from './menu.tsx';

/** Who is signed in, and the way out. Nothing where nobody is asked who they are. */
export function AccountMenu() {
  const who = useConsole().session.who.value;
  return who?.auth === 'on' ? <Account who={who} /> : null;
}

function Account({ who }: { who: Who }) {
  const root = useRef<HTMLDivElement>(null);
  const open = useSignal(false);
  useCloseOutside(root, open);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open.value) return;
    event.preventDefault();
    open.value = false;
    root.current?.querySelector('button')?.focus();
  };
  return (
    <div class="menu account" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="plain"
        title="Who is signed in"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="person" />
        <span class="visually-hidden">Signed in as </span>
        <span class="account-name">{who.name}</span>
      </button>
      {open.value && <AccountCard who={who} />}
    </div>
  );
}

function AccountCard({ who }: { who: Who }) {
  const { session } = useConsole();
  const fault = useSignal('');
  const signOut = (): void => {
    session.signOut().catch((error: unknown) => (fault.value = ApiProblem.from(error).message));
  };
  return (
    <section class="menu-list account-card" aria-label="Who is signed in">
      <dl>
        <dt>Signed in as</dt>
        <dd>{who.name}</dd>
        <dt>Role</dt>
        <dd>
          {rightsWords(who)}
          {who.role !== undefined && <span class="quiet"> {who.scopes.join(', ')}</span>}
        </dd>
        <dt>Namespaces</dt>
        <dd>{namespaceWords(who.namespaces)}</dd>
        {who.expiresAt !== undefined && (
          <>
            <dt>Ends</dt>
            <dd title={formatInstant(Date.parse(who.expiresAt))}>
              {formatAgo(Date.parse(who.expiresAt), Date.now())}, later if it is used
            </dd>
          </>
        )}
      </dl>
      <button type="button" onClick={signOut}>
        Sign out
      </button>
      {fault.value !== '' && (
        <p class="problem-line" role="alert">
          Not signed out: {fault.value}
        </p>
      )}
    </section>
  );
}
