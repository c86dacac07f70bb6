/** A text that any drawing tool can take: line ends are `\n`; control characters and halves of a character are U+FFFD. */
export function drawableText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?!\n)[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD');
}
