import { type ReadonlySignal, signal } from '@preact/signals';
import { createKeyReader, isCharacter, type KeyAction, nameOfKey } from './keys.ts';
import { stored } from './stored.ts';

/** What an action does here. `false` says it does nothing now, so that who registered before may, or the browser. */
export type KeyHandlers = Partial<Record<KeyAction, (event: KeyboardEvent) => unknown>>;

export interface Keyboard {
  /** Actions possible now, for the sheet. */
  readonly possible: ReadonlySignal<ReadonlySet<KeyAction>>;
  /** Whether keys that are characters do something. Stored. */
  readonly characters: ReadonlySignal<boolean>;
  useCharacters(on: boolean): void;
  /** A place in the order in which parts are asked: who takes one later is asked earlier. */
  place(): number;
  /** The handlers of a part of the page, until the returned function is called. */
  register(place: number, current: () => KeyHandlers): () => void;
}

interface Part {
  readonly place: number;
  readonly current: () => KeyHandlers;
}

/** Listens for keys of the whole page. Characters are off while something is typed. */
export function createKeyboard(): Keyboard {
  const kept = stored('keys');
  const parts = signal<readonly Part[]>([]);
  let places = 0;
  const possible = signal<ReadonlySet<KeyAction>>(new Set());
  const characters = signal(kept.read() !== 'off');
  const reader = createKeyReader();
  const know = (): void => {
    possible.value = new Set(parts.value.flatMap(({ current }) => Object.keys(current()) as KeyAction[]));
  };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]') !== null) return;
    const name = nameOfKey(event);
    if (name === undefined || (isCharacter(name) && (!characters.value || isTyped(event.target)))) return;
    // Enter and Escape of a control are the control's own.
    if (name === 'Enter' && event.target instanceof Element && event.target.closest('a, button, input, select, summary')) return;
    const action = reader.read(name, event.timeStamp);
    if (action === undefined || action === 'waiting') return;
    for (const { current } of parts.value) {
      const handle = current()[action];
      if (handle === undefined || handle(event) === false) continue;
      event.preventDefault();
      return;
    }
  });
  return {
    possible,
    characters,
    useCharacters(on) {
      kept.write(on ? 'on' : 'off');
      characters.value = on;
    },
    place: () => ++places,
    register(place, current) {
      const part = { place, current };
      parts.value = [...parts.value, part].toSorted((a, b) => b.place - a.place);
      know();
      return () => {
        parts.value = parts.value.filter((each) => each !== part);
        know();
      };
    },
  };
}

function isTyped(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const box = target.closest('input, textarea, select, [contenteditable="true"]');
  return box !== null && !['checkbox', 'radio', 'button', 'range'].includes(box.getAttribute('type') ?? '');
}
