import { drawableText } from '../drawable-text.ts';

// Marks that turn the direction of what follows: a name must not reorder the text around it.
const directionMarks = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Any text as one line within an XML document, in an element or a quoted attribute. */
export function xmlText(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function oneLine(text: string): string {
  return drawableText(text)
    .replace(directionMarks, '\uFFFD')
    .replace(/[\n\t]+/g, ' ');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide = /\p{Extended_Pictographic}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60]/u;

/** As much of a text as fits, with `…` where it is cut. A letter is about 0.55 of the font size wide, a wide one 1.05. */
export function fitted(text: string, widthPx: number, fontPx: number): string {
  let room = widthPx / fontPx;
  let kept = '';
  // No line is longer than this whatever its letters are.
  const line = oneLine(text.slice(0, 1000));
  for (const { segment } of graphemes.segment(line)) {
    const needs = wide.test(segment) ? 1.05 : 0.55;
    if (room - needs < 0) return `${kept.trimEnd()}…`;
    // The last letter needs no room for the dots if nothing follows.
    if (room - needs < 0.8 && kept.length + segment.length < line.length) return `${kept.trimEnd()}…`;
    kept += segment;
    room -= needs;
  }
  return kept;
}
