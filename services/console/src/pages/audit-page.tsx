import { useEffect } from 'preact/hooks';
import type { AuditView } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { AreaViews } from '../ui/area-views.tsx';
import { NotToBeHad } from '../ui/empty.tsx';
import { AuditLog } from './audit/audit-log.tsx';
import { KeysView } from './audit/keys-view.tsx';

const views = [
  ['log', 'Log'],
  ['keys', 'API keys'],
] as const;

/** Who came, who was refused, what operators and admins did; and who has a key. */
export function AuditPage({ view }: { view: AuditView }) {
  const { session } = useConsole();
  const who = session.who.value;
  const title = view === 'log' ? 'Audit' : 'API keys';
  useEffect(() => {
    document.title = `${title} · TMWS`;
  }, [title]);
  return (
    <>
      <div class="head">
        <h1>Audit</h1>
        <AreaViews
          label="Audit"
          views={views.map(([each, word]) => ({ to: { name: 'audit', view: each }, word, here: each === view }))}
        />
      </div>
      {who?.auth === 'off' ? (
        <NotToBeHad title="Sign-in is off here">
          <p>
            So there are no keys, and no audit of who did what. Start with <code>TMWS_AUTH=on</code> and{' '}
            <code>TMWS_ADMIN_KEY_FILE</code>; beyond loopback sign-in is on by itself.
          </p>
        </NotToBeHad>
      ) : session.may('admin', true) ? (
        view === 'log' ? (
          <AuditLog />
        ) : (
          <KeysView />
        )
      ) : (
        <NotToBeHad title="The audit is for admins">
          <p>
            It needs the scope <code>admin</code> in all namespaces; {who?.name} has {who?.scopes.join(', ')} in{' '}
            {who?.namespaces.join(', ')}. An admin can give a key that has it.
          </p>
        </NotToBeHad>
      )}
    </>
  );
}
