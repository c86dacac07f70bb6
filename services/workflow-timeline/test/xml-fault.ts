// A strict reading of the XML that pictures are made of (XML 1.0): elements, quoted attributes, text, the five entities.

const tag = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[a-zA-Z][\w:-]*="[^"<]*")*)\s*(\/?)>/y;
const text = /[^<&]+/y;
const entity = /&(?:amp|lt|gt|quot|#39);/y;
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** What is wrong with a document and where, if it is not well-formed. */
export function xmlFault(document: string): string | undefined {
  const bad = forbidden.exec(document) ?? (document.isWellFormed() ? undefined : { index: -1 });
  if (bad) return `a character that XML does not have, at ${bad.index}`;
  if (document.includes(']]>')) return 'a "]]>" in a text';
  const open: string[] = [];
  for (let at = 0; at < document.length;) {
    const match = [tag, text, entity].map((part) => matchAt(part, document, at)).find((found) => found !== undefined);
    if (match === undefined) return `not XML at ${at}: ${document.slice(at, at + 60)}`;
    const [whole, closing, name, attributes = '', empty] = match;
    at += whole.length;
    if (name === undefined) {
      if (open.length === 0 && whole.trim() !== '') return `text outside of the document at ${at}`;
      continue;
    }
    const names = [...attributes.matchAll(/\s([\w:-]+)=/g)].map(([, attribute]) => attribute);
    if (new Set(names).size < names.length) return `an attribute is given twice at ${at}`;
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(attributes)) return `a bare & in an attribute at ${at}`;
    if (closing === '/') {
      const expected = open.pop();
      if (expected !== name) return `</${name}> closes <${expected ?? 'nothing'}> at ${at}`;
    } else if (empty !== '/') open.push(name);
  }
  return open.length === 0 ? undefined : `<${open.join('><')}> is not closed`;
}

function matchAt(pattern: RegExp, document: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(document) ?? undefined;
}
