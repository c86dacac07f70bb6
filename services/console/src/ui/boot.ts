// Runs before the first paint, as a small script of its own that the page waits for: the theme is right from the first pixel, and the
// scripts of the page that the address names are on their way while the frame is read, and so is the question who is signed in.
import { pageAt } from '../state/address.ts';
import { askSessionEarly } from '../state/session-asked.ts';
import { stored } from '../state/stored.ts';
import { darkQuery, themeKey, themeOf } from '../state/theme.ts';

document.documentElement.dataset.theme = themeOf({
  asked: new URLSearchParams(location.search).get('theme'),
  kept: stored(themeKey).read(),
  systemIsDark: matchMedia(darkQuery).matches,
});

askSessionEarly();

/** By page, what `build.ts` made of it. */
declare const pageScripts: Readonly<Record<string, readonly string[]>>;

for (const script of pageScripts[pageAt(location.pathname).name] ?? []) {
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.href = script;
  document.head.append(link);
}
