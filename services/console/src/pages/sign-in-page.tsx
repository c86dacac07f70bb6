import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { prefixOf, refusedKeyWords } from '../model/api-key.ts';
import type { Console } from '../state/console.ts';
import { signInWords } from '../state/session.ts';
import { Brand } from '../ui/brand.tsx';

/** Asks who it is, in the place of the page that was asked for. Its address stays, so that it is shown after. */
export function SignInPage({ session, router }: Pick<Console, 'session' | 'router'>) {
  const state = session.state.value;
  const since = state.is === 'out' ? state.since : 'never';
  useEffect(() => {
    document.title = 'Sign in · TMWS';
  }, []);
  return (
    <main id="main" class="sign-in" tabIndex={-1}>
      <section>
        <p class="sign-in-brand">
          <Brand /> TMWS
        </p>
        <h1>Sign in</h1>
        {since === 'over' && (
          <p role="status">
            <strong>The session is over.</strong> Sign in again to go on where you were.
          </p>
        )}
        {since === 'left' && <p role="status">You are signed out.</p>}
        <SignInForm session={session} />
        {router.path.value !== '/' && (
          <p class="quiet">
            Then <code>{router.path.value}</code> is shown.
          </p>
        )}
        <details>
          <summary>How do I get a key?</summary>
          <p>
            An admin makes one: <code>tmws auth key create --name ada --role viewer</code>. The first admin key is in the file
            that the setting <code>TMWS_ADMIN_KEY_FILE</code> names.
          </p>
        </details>
      </section>
    </main>
  );
}

/** Password managers keep the key under the name it has. */
function SignInForm({ session }: Pick<Console, 'session'>) {
  const box = useRef<HTMLInputElement>(null);
  const name = useSignal('');
  const busy = useSignal(false);
  const fault = useSignal('');
  useEffect(() => box.current?.focus(), []);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!busy.value) void signIn(box.current?.value.trim() ?? '');
  };
  const signIn = async (key: string): Promise<void> => {
    busy.value = true;
    fault.value = '';
    try {
      await session.signIn(key);
    } catch (error) {
      fault.value = signInWords(error, refusedKeyWords(key));
      box.current?.focus();
      box.current?.select();
    }
    busy.value = false;
  };
  return (
    <form method="post" onSubmit={onSubmit}>
      <input
        class="visually-hidden"
        type="text"
        name="username"
        autocomplete="username"
        tabIndex={-1}
        aria-hidden="true"
        readOnly
        value={name.value}
      />
      <label for="key">API key</label>
      <input
        ref={box}
        id="key"
        name="password"
        type="password"
        autocomplete="current-password"
        autocapitalize="off"
        spellcheck={false}
        required
        maxLength={16_384}
        aria-invalid={fault.value !== ''}
        aria-describedby={fault.value === '' ? undefined : 'key-fault'}
        onInput={(event) => (name.value = prefixOf(event.currentTarget.value.trim()) ?? 'admin')}
      />
      <button type="submit" class="primary" aria-disabled={busy.value}>
        {busy.value ? 'Signing in…' : 'Sign in'}
      </button>
      <p id="key-fault" class="problem-line" role="alert">
        {fault.value}
      </p>
    </form>
  );
}
