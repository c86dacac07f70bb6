import { useEffect, useRef } from 'preact/hooks';
import { useConsole } from '../state/console.ts';
import { type KeyAction, type KeyEntry, keyTable } from '../state/keys.ts';
import { Icon } from './icon.tsx';

/** The keys that do something on this page now, and the switch for those that are characters. */
export function KeysSheet({ onClose }: { onClose(): void }) {
  const { keyboard } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const entries = Object.entries(keyTable) as [KeyAction, KeyEntry][];
  const groups = Map.groupBy(
    entries.filter(([action]) => keyboard.possible.value.has(action)),
    ([, { group }]) => group,
  );
  return (
    <dialog
      class="sheet"
      ref={dialog}
      aria-labelledby="keys-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="sheet-body">
        <header>
          <h2 id="keys-title">Keys on this page</h2>
          <button type="button" class="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <div class="sheet-groups">
          {[...groups].map(([group, rows]) => (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {rows.map(([action, { keys, does }]) => (
                  <div key={action}>
                    <dt>
                      {keys.split(/[ +](?=.)/).map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <label class="switch">
          <input
            type="checkbox"
            checked={keyboard.characters.value}
            onChange={(event) => keyboard.useCharacters(event.currentTarget.checked)}
          />
          Keys that are letters or signs do something (Escape, Enter and arrows always do)
        </label>
      </div>
    </dialog>
  );
}
