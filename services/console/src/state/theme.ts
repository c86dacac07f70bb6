// Which theme is shown: what the address says, else what was chosen here, else what the system says. `ui/boot.ts` asks before the first paint.

export const themes = ['light', 'dark', 'contrast'] as const;
/** A set of colours in tokens.css, by `html[data-theme]`. */
export type Theme = (typeof themes)[number];

export const themeChoices = ['system', ...themes] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** Where the choice is stored. */
export const themeKey = 'theme';
export const darkQuery = '(prefers-color-scheme: dark)';

/** A choice from outside; undefined when it is none of ours. */
export const readChoice = (text: string | null | undefined): ThemeChoice | undefined =>
  themeChoices.find((choice) => choice === text);

export interface ThemeWishes {
  /** `?theme=` of the address. It beats the stored choice and does not change it. */
  asked: string | null;
  kept: string | undefined;
  systemIsDark: boolean;
}

export function themeOf({ asked, kept, systemIsDark }: ThemeWishes): Theme {
  const choice = readChoice(asked) ?? readChoice(kept) ?? 'system';
  return choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice;
}
