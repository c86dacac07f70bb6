import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../../api/api.ts';
import { type ApiKey, keyState } from '../../model/key-form.ts';
import { formatAgo, formatInstant } from '../../model/when.ts';
import { namespaceWords, rightsWords } from '../../model/who.ts';
import { useConsole } from '../../state/console.ts';
import { Mark } from '../../ui/status-mark.tsx';

const looks = {
  good: { shape: 'check', tone: 'good' },
  expired: { shape: 'hourglass', tone: 'quiet' },
  revoked: { shape: 'slash', tone: 'quiet' },
} as const;

/** One key: what it is called, what it may, when it was used, and the way to end it. */
export function KeyRow({ apiKey: key, onEnded }: { apiKey: ApiKey; onEnded(): void }) {
  const asking = useSignal(false);
  const state = keyState(key, Date.now());
  return (
    <li class={state === 'good' ? undefined : 'ended'}>
      <div class="key-name">
        <strong>{key.name}</strong> <code>{key.prefix}</code>
      </div>
      <Mark {...looks[state]}>{state}</Mark>
      <dl>
        <Fact word="Role">{rightsWords(key)}</Fact>
        <Fact word="Namespaces">{namespaceWords(key.namespaces)}</Fact>
        <Fact word="Last use">{key.lastUsedAt === undefined ? 'never' : <Instant at={key.lastUsedAt} />}</Fact>
        {key.revokedAt === undefined ? (
          <Fact word={state === 'expired' ? 'Expired' : 'Expires'}>
            {key.expiresAt === undefined ? 'never' : <Instant at={key.expiresAt} />}
          </Fact>
        ) : (
          <Fact word="Revoked">
            <Instant at={key.revokedAt} />
          </Fact>
        )}
        <Fact word="Made">
          <Instant at={key.createdAt} /> by {key.createdBy}
        </Fact>
      </dl>
      {state === 'good' && (
        <button type="button" aria-label={`Revoke ${key.name} (${key.prefix})`} onClick={() => (asking.value = true)}>
          Revoke…
        </button>
      )}
      {asking.value && <Revoke apiKey={key} onClose={() => (asking.value = false)} onEnded={onEnded} />}
    </li>
  );
}

function Fact({ word, children }: { word: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Instant({ at }: { at: string }) {
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={formatInstant(ms)}>
      {formatAgo(ms, Date.now())}
    </time>
  );
}

function Revoke({ apiKey: { prefix, name }, onClose, onEnded }: { apiKey: ApiKey; onClose(): void; onEnded(): void }) {
  const { api, announcer } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  const fault = useSignal('');
  useEffect(() => dialog.current?.showModal(), []);
  const revoke = async (): Promise<void> => {
    fault.value = '';
    try {
      await api.delete(`auth/keys/${prefix}`);
      announcer.say(`${name} is revoked`);
      dialog.current?.close();
      onEnded();
    } catch (error) {
      fault.value = ApiProblem.from(error).message;
    }
  };
  return (
    <dialog class="sheet confirm" ref={dialog} aria-labelledby="revoke-title" onClose={onClose}>
      <div class="sheet-body">
        <h2 id="revoke-title">Revoke {name}?</h2>
        <p>
          <code>{prefix}</code> is refused from now on, and sessions begun with it end within ten seconds. This cannot be undone.
        </p>
        {fault.value !== '' && <p class="problem-line">Not revoked: {fault.value}</p>}
        <p class="confirm-ways">
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
          <button type="button" class="danger" onClick={() => void revoke()}>
            Revoke
          </button>
        </p>
      </div>
    </dialog>
  );
}
