// Text of a rule may hold addresses. Only those of the web become links: what is in an alert comes from anybody who may send one.

/** The address as it may be linked; undefined of anything that is not http or https. */
export function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

export interface TextPiece {
  readonly text: string;
  readonly href: string | undefined;
}

/** Text in pieces, addresses apart. Punctuation after an address is not of it. */
export function linkPieces(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'`]+/gi)) {
    const address = found[0].replace(/[.,;:!?)\]}]+$/, '');
    const href = webAddress(address);
    if (href === undefined) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), href: undefined });
    pieces.push({ text: address, href });
    from = found.index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: undefined });
  return pieces;
}
