const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const plainAscii = /^[ -~]*$/;
const widthless = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Text of others for a terminal: what could move the cursor, colour it or turn the reading order becomes U+FFFD. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}

/** Columns the text takes, as far as terminals agree (Unicode UAX 11). */
export function displayWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += widthless.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

/** The text in exactly so many columns: cut with an ellipsis, or padded. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = displayWidth(text) <= columns ? text : shorten(text, columns);
  const padding = ' '.repeat(columns - displayWidth(cut));
  return align === 'left' ? cut + padding : padding + cut;
}

/** At most so many columns, with an ellipsis if something is missing. */
export function shorten(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += displayWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** The most columns any of the texts takes, at least `least`. */
export function widest(texts: Iterable<string>, least = 0): number {
  let most = least;
  for (const text of texts) most = Math.max(most, displayWidth(text));
  return most;
}
