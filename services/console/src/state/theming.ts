import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Router } from './router.ts';
import { stored } from './stored.ts';
import { darkQuery, readChoice, type Theme, type ThemeChoice, themeKey, themeOf } from './theme.ts';

export interface Theming {
  /** The colours in force. What draws by itself (canvas) reads `tokens.css` anew when it changes. */
  readonly theme: ReadonlySignal<Theme>;
  readonly choice: ReadonlySignal<ThemeChoice>;
  choose(choice: ThemeChoice): void;
}

/** Keeps `html[data-theme]` as the address, the choice and the system say. */
export function createTheming(router: Router): Theming {
  const kept = stored(themeKey);
  const chosen = signal(kept.read());
  const system = matchMedia(darkQuery);
  const systemIsDark = signal(system.matches);
  system.addEventListener('change', () => (systemIsDark.value = system.matches));
  const asked = computed(() => router.search.value.get('theme'));
  const theme = computed(() => themeOf({ asked: asked.value, kept: chosen.value, systemIsDark: systemIsDark.value }));
  effect(() => {
    const { documentElement: html } = document;
    html.dataset.theme = theme.value;
    // What a phone paints around the page.
    const around = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');
    if (around !== null) around.content = getComputedStyle(html).getPropertyValue('--surface').trim();
  });
  return {
    theme,
    choice: computed(() => readChoice(asked.value) ?? readChoice(chosen.value) ?? 'system'),
    choose(choice) {
      kept.write(choice);
      chosen.value = choice;
      // A choice made by hand is meant for this page too.
      if (asked.peek() !== null) router.set({ theme: '' });
    },
  };
}
