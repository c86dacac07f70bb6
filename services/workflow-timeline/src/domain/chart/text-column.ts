/**
 * A text of which many differ in one number only: `step-#`, with the number beside it. `digits` is how many the number has at
 * least (`ID0000012` has 7), 0 where nothing is filled up, undefined for a text without a number.
 */
export interface Template {
  readonly before: string;
  readonly digits: number | undefined;
  readonly after: string;
}

/** Texts as templates and numbers; equal texts and equal templates are kept once. */
export interface Texts {
  readonly templates: readonly Template[];
  /** The template of the text, made if it is new, and its number (0 if it has none). */
  add(text: string): { readonly template: number; readonly number: number };
}

/** The text again. */
export function textOf({ before, digits, after }: Template, number: number): string {
  return digits === undefined ? before : `${before}${String(number).padStart(digits, '0')}${after}`;
}

/** Where the last number in a text begins and ends; numbers of more digits than can be told exactly are none. */
function lastNumber(text: string): { begin: number; end: number } | undefined {
  const digit = (at: number): boolean => text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57;
  let end = text.length;
  while (end > 0 && !digit(end - 1)) end--;
  let begin = end;
  while (begin > 0 && digit(begin - 1)) begin--;
  return begin === end || end - begin > 15 ? undefined : { begin, end };
}

/** An empty collection. `textOf(templates[template], number)` is the text that was added, always. */
export function openTexts(): Texts {
  const templates: Template[] = [];
  const places = new Map<string, number>();
  return {
    templates,
    add(text) {
      const found = lastNumber(text);
      const written = found === undefined ? '' : text.slice(found.begin, found.end);
      const before = text.slice(0, found?.begin);
      const after = found === undefined ? '' : text.slice(found.end);
      const digits = found === undefined ? undefined : written.startsWith('0') && written !== '0' ? written.length : 0;
      const name = `${digits ?? ''} ${before.length} ${before}${after}`;
      let place = places.get(name);
      if (place === undefined) {
        place = templates.length;
        places.set(name, place);
        templates.push({ before, digits, after });
      }
      return { template: place, number: Number(written) };
    },
  };
}

/** Words by number. */
export interface Words {
  readonly words: readonly string[];
  add(word: string): number;
}

/** An empty collection that begins with the given words. */
export function openWords(first: readonly string[] = []): Words {
  const words = [...first];
  const places = new Map(words.map((word, place) => [word, place]));
  return {
    words,
    add(word) {
      const known = places.get(word);
      if (known !== undefined) return known;
      places.set(word, words.length);
      return words.push(word) - 1;
    },
  };
}
