import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../../api/api.ts';
import { type ApiKey, keyRequest, type KeyForm, type Role, roles, roleWords, terms } from '../../model/key-form.ts';
import { useConsole } from '../../state/console.ts';
import { CopyBlock } from '../../ui/copy-block.tsx';

/** A button, then a form, then the key: shown once, and nowhere kept. The focus goes along. */
export function NewKey({ onMade }: { onMade(): void }) {
  const root = useRef<HTMLDivElement>(null);
  const stage = useSignal<'button' | 'form' | 'made'>('button');
  const made = useSignal({ name: '', text: '' });
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) root.current?.querySelector<HTMLElement>('input, button')?.focus();
    first.current = false;
  }, [stage.value]);
  return (
    <div class="key-new" ref={root}>
      {stage.value === 'button' && (
        <button type="button" onClick={() => (stage.value = 'form')}>
          New key…
        </button>
      )}
      {stage.value === 'form' && (
        <Form
          onCancel={() => (stage.value = 'button')}
          onMade={(name, text) => {
            made.value = { name, text };
            stage.value = 'made';
            onMade();
          }}
        />
      )}
      {stage.value === 'made' && (
        <Made
          {...made.value}
          onDone={() => {
            made.value = { name: '', text: '' };
            stage.value = 'button';
          }}
        />
      )}
    </div>
  );
}

function Made({ name, text, onDone }: { name: string; text: string; onDone(): void }) {
  return (
    <section class="key-form" aria-label="The new key">
      <p role="status">
        <strong>{name} is made.</strong> This is the only time its key is shown: put it where it is needed before you go on.
      </p>
      <CopyBlock label={`The key of ${name}`} text={text} />
      <p>
        <button type="button" onClick={onDone}>
          I have it
        </button>
      </p>
    </section>
  );
}

function Form({ onCancel, onMade }: { onCancel(): void; onMade(name: string, text: string): void }) {
  const { api } = useConsole();
  const busy = useSignal(false);
  const fault = useSignal('');
  const make = async (form: KeyForm): Promise<void> => {
    busy.value = true;
    fault.value = '';
    try {
      const { key, secret } = await api.post<{ key: ApiKey; secret: string }>('auth/keys', keyRequest(form, Date.now()));
      onMade(key.name, secret);
    } catch (error) {
      fault.value = ApiProblem.from(error).message;
      busy.value = false;
    }
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const textOf = (name: string): string => given.get(name) as string;
    void make({ name: textOf('name'), role: textOf('role') as Role, namespaces: textOf('namespaces'), days: textOf('days') });
  };
  return (
    <form class="key-form" aria-label="New key" autocomplete="off" onSubmit={onSubmit}>
      <label>
        For whom or what
        <input type="text" name="name" required maxLength={80} placeholder="ci" spellcheck={false} />
      </label>
      <label>
        Role
        <select name="role">
          {roles.map((role) => (
            <option key={role} value={role}>
              {roleWords[role]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Namespaces, * for all
        <input type="text" name="namespaces" value="default" required spellcheck={false} />
      </label>
      <label>
        Good
        <select name="days">
          {terms.map(([days, words]) => (
            <option key={days} value={days}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {fault.value !== '' && (
        <p class="problem-line" role="alert">
          Not made: {fault.value}
        </p>
      )}
      <p class="key-form-ways">
        <button type="submit" class="primary" disabled={busy.value}>
          {busy.value ? 'Making the key…' : 'Make the key'}
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
