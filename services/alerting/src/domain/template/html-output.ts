// Output that is HTML: literal text passes and is watched, so that each value is escaped for the place where it lands. Behaviour:
// html/template (pkg.go.dev/html/template), for text, attributes and addresses. Values within scripts and styles are refused: no
// mail needs them, and their escaping is where mistakes are made.
import { escapeHtml, escapeQuery } from './escape.ts';
import { printed } from './print.ts';
import { Markup, type Value } from './values.ts';

const addresses =
  /^(?:href|src|action|formaction|cite|background|poster|srcset|data|manifest|icon|longdesc|usemap|codebase|classid|profile|xlink:href)$/;

/** A plus, too: old readers took UTF-7. */
const escaped = (text: string): string => escapeHtml(text).replaceAll('+', '&#43;');

type State = 'text' | 'tag' | 'value' | 'raw' | 'comment';

/** Where a value cannot go. */
export class HtmlFault extends Error {
  override readonly name = 'HtmlFault';
}

export class HtmlOutput {
  #state: State = 'text';
  #tag = '';
  #attribute = '';
  #quote = '';
  /** What stands in the attribute's value so far. */
  #before = '';
  /** The literal text ended within a tag's name. */
  #cut = false;

  /** Literal text of a template; comments in it go no further. */
  literal(text: string): string {
    if (text === '') return '';
    this.#whole();
    let out = '';
    let at = 0;
    while (at < text.length) {
      const rest = text.slice(at);
      const step = this.#step(rest);
      out += this.#state === 'comment' || step.drop ? '' : rest.slice(0, step.length);
      this.#state = step.next;
      at += step.length;
    }
    this.#cut = (this.#state === 'text' && /<\/?$/.test(text)) || (this.#state === 'tag' && /<\/?[a-zA-Z][^\s/>]*$/.test(text));
    return out;
  }

  /** A value, escaped for where it lands. */
  value(value: Value): string {
    this.#whole();
    const text = value === null ? '' : printed(value);
    const isHtml = value instanceof Markup && value.kind === 'html';
    switch (this.#state) {
      case 'comment':
        return '';
      case 'raw':
        throw new HtmlFault(`a value cannot stand within <${this.#tag}>: move it out of there`);
      case 'tag':
        throw new HtmlFault('a value cannot stand where an attribute is named: write it as a value, in quotes');
      case 'text':
        return isHtml ? this.literal(text) : escaped(text);
      case 'value': {
        if (/^on|^style$/.test(this.#attribute))
          throw new HtmlFault(`a value cannot stand within the attribute ${this.#attribute}`);
        const plain = isHtml ? text.replaceAll(/<[^>]*>/g, '') : text;
        const shown = addresses.test(this.#attribute)
          ? this.#address(plain, value instanceof Markup && value.kind === 'url')
          : plain;
        this.#before += shown;
        return this.#quote === '' ? escaped(shown).replaceAll(/[\s=`]/g, (char) => `&#${char.charCodeAt(0)};`) : escaped(shown);
      }
    }
  }

  #whole(): void {
    if (this.#cut) throw new HtmlFault('a tag is put together from pieces: write its name in one');
  }

  #address(text: string, safe: boolean): string {
    if (/[?#]/.test(this.#before)) return escapeQuery(text).replaceAll('+', '%20');
    if (this.#before.trim() === '' && !safe && /^[^/?#]*:/.test(text) && !/^(?:https?|mailto):/i.test(text))
      return '#refused-address';
    return text.replaceAll(/[^\w\-.~:/?#[\]@!$&*+,;=%]/gu, (char) =>
      char === "'" || char === '(' || char === ')'
        ? `%${char.charCodeAt(0).toString(16)}`
        : encodeURIComponent(char.toWellFormed()),
    );
  }

  /** How much of a literal text belongs together, and the state after it. */
  #step(rest: string): { length: number; next: State; drop?: boolean } {
    const until = (index: number): number => (index < 0 ? rest.length : index);
    switch (this.#state) {
      case 'text': {
        if (rest.startsWith('<!--')) return { length: 4, next: 'comment', drop: true };
        const tag = /^<\/?([a-zA-Z][^\s/>]*)/.exec(rest);
        if (tag !== null) {
          this.#tag = rest.startsWith('</') ? '' : (tag[1] ?? '').toLowerCase();
          return { length: tag[0].length, next: 'tag' };
        }
        return { length: Math.max(1, until(rest.indexOf('<', 1))), next: 'text' };
      }
      case 'comment': {
        const end = rest.indexOf('-->');
        return end === 0 ? { length: 3, next: 'text', drop: true } : { length: until(end), next: 'comment' };
      }
      case 'raw': {
        const end = rest.toLowerCase().indexOf(`</${this.#tag}`);
        return end === 0 ? { length: 2 + this.#tag.length, next: this.#leaveRaw() } : { length: until(end), next: 'raw' };
      }
      case 'tag': {
        if (rest.startsWith('>')) return { length: 1, next: /^(?:script|style)$/.test(this.#tag) ? 'raw' : 'text' };
        const attribute = /^([^\s=>"'/]+)\s*=\s*(["']?)/.exec(rest);
        if (attribute === null) return { length: Math.max(1, until(rest.search(/[\s>]/))), next: 'tag' };
        this.#attribute = (attribute[1] ?? '').toLowerCase();
        this.#quote = attribute[2] ?? '';
        this.#before = '';
        return { length: attribute[0].length, next: 'value' };
      }
      case 'value': {
        const end = this.#quote === '' ? rest.search(/[\s>]/) : rest.indexOf(this.#quote);
        if (end === 0) return { length: this.#quote === '' ? 0 : 1, next: 'tag' };
        const length = until(end);
        this.#before += rest.slice(0, length);
        return { length, next: 'value' };
      }
    }
  }

  #leaveRaw(): State {
    this.#tag = '';
    return 'tag';
  }
}
