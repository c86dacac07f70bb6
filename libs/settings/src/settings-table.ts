import type { Settings } from './load-settings.ts';

/** The settings as the Markdown table that READMEs hold; a test compares the two. */
export function settingsTable(settings: Settings): string {
  const rows = Object.values(settings).map((setting) => {
    const name = setting.secret ? `\`${setting.env}\` (or \`${setting.env}_FILE\`)` : `\`${setting.env}\``;
    return `| ${name} | ${setting.defaultText === undefined ? 'none' : `\`${setting.defaultText}\``} | ${setting.meaning} |`;
  });
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}
