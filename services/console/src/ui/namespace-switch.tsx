import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boundTo } from '../model/who.ts';
import { namespaceLink, remembered, withNamespace } from '../state/namespaces.ts';
import { useConsole } from '../state/console.ts';
import { stored } from '../state/stored.ts';
import { Icon } from './icon.tsx';
import { useCloseOutside } from './menu.tsx';

const kept = stored('namespaces');

/** Whose data is shown, and the way to another namespace: one seen here before, or any by its name. */
export function NamespaceSwitch() {
  const { api, router, session } = useConsole();
  const own = boundTo(session.who.value);
  const root = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const open = useSignal(false);
  useCloseOutside(root, open);
  useEffect(() => {
    if (api.namespace !== '') kept.write(withNamespace(kept.read(), api.namespace));
  }, [api.namespace]);
  useEffect(() => {
    if (open.value) box.current?.focus();
  }, [open.value]);
  const go = (event: SubmitEvent): void => {
    event.preventDefault();
    open.value = false;
    router.go(namespaceLink(box.current?.value.trim() ?? '', router.search.value));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open.value) return;
    event.preventDefault();
    open.value = false;
    root.current?.querySelector('button')?.focus();
  };
  const shown = api.namespace === '' ? 'default' : api.namespace;
  return (
    <div class="menu namespace" ref={root} onKeyDown={onKeyDown}>
      <button type="button" class="plain" aria-expanded={open.value} title="Namespace" onClick={() => (open.value = !open.value)}>
        <Icon name="namespace" />
        <span class="visually-hidden">Namespace </span>
        <span class="namespace-name">{shown}</span>
        <Icon name="down" size={12} />
      </button>
      {open.value && (
        <form class="menu-list" aria-label="Namespace" onSubmit={go}>
          {(own ?? remembered(kept.read())).map((name) => (
            <a key={name} class="menu-item" href={namespaceLink(name, router.search.value)} aria-current={name === shown}>
              {name}
            </a>
          ))}
          {own === undefined ? (
            <label>
              Another
              <span class="namespace-other">
                <input ref={box} type="text" required spellcheck={false} autocomplete="off" />
                <button type="submit">Go</button>
              </span>
            </label>
          ) : (
            <p class="namespace-own">Your key is good for {own.length === 1 ? 'this one' : 'these'}.</p>
          )}
        </form>
      )}
    </div>
  );
}
