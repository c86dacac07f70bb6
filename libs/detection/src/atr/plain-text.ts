// Texts without the tricks that hide words: compatibility forms, invisible characters, letters of other scripts that look alike.

const beyondAscii = /[\u0080-\uffff]/;
const invisible = /[\u200b-\u200f\ufeff\u2060\u180e\u202a-\u202e\u2066-\u2069]/g;

/** Letters that look like Latin ones, after the Latin letter they look like (Unicode TR 39, the safe part). */
const lookalikes: Readonly<Record<string, string>> = {
  ...pairs('аaеeоoрpсcхxуyіiѕsјjһhԁdԛqɡgнhкkмmтtвb'),
  ...pairs('АAВBЕEКKМMНHОOРPСCТTХXУYІIЈJЅS'),
  ...pairs('οoρpαaεeνvκkΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΧXΥY'),
  ...pairs('ıiǀlոn'),
};

function pairs(text: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: text.length / 2 }, (_, i) => [text[2 * i] ?? '', text[2 * i + 1] ?? '']));
}

/** The text as it reads: NFKC, without invisible characters, lookalikes as Latin letters. */
export function plainText(text: string): string {
  if (!beyondAscii.test(text)) return text;
  const normal = text.normalize('NFKC').replace(invisible, '');
  if (!/[\u0370-\u04ff\u0131\u01c0\u0578]/.test(normal)) return normal;
  return Array.from({ length: normal.length }, (_, i) => lookalikes[normal[i] ?? ''] ?? normal[i] ?? '').join('');
}
