// Runs before the first paint, as a small script of its own that the page waits for: the theme is right from the first pixel.
import { stored } from '../state/stored.ts';
import { darkQuery, themeKey, themeOf } from '../state/theme.ts';

document.documentElement.dataset.theme = themeOf({
  asked: new URLSearchParams(location.search).get('theme'),
  kept: stored(themeKey).read(),
  systemIsDark: matchMedia(darkQuery).matches,
});
