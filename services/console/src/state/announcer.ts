import { type ReadonlySignal, signal } from '@preact/signals';

/** The one voice of the page for screen readers: said politely, after what is being read. */
export interface Announcer {
  readonly text: ReadonlySignal<string>;
  say(text: string): void;
}

export function createAnnouncer(): Announcer {
  const text = signal('');
  return {
    text,
    // The same text twice is two messages; a trailing space makes it another one.
    say: (next) => (text.value = next === text.value ? `${next}\u00a0` : next),
  };
}
