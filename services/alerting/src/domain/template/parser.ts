// Reads Go's template language into nodes (pkg.go.dev/text/template).
import { cut, type Piece, type Token } from './lexer.ts';
import type { Command, Operand, Pipeline, TemplateNode } from './nodes.ts';
import { TemplateFault } from './template-fault.ts';

const keywords = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue']);

/** Actions may lie in each other this deep. */
const deepest = 200;

/**
 * The templates a text holds: itself under `name`, and those it defines.
 *
 * @param functions  names that may be called; any other is a fault where it stands
 */
export function parseTemplate(name: string, source: string, functions: ReadonlySet<string>): Map<string, TemplateNode[]> {
  return new Parser(name, cut(name, source), functions).all();
}

class Parser {
  readonly #name: string;
  readonly #pieces: readonly Piece[];
  readonly #functions: ReadonlySet<string>;
  readonly #defined = new Map<string, TemplateNode[]>();
  #at = 0;
  #line = 1;
  #depth = 0;
  #loops = 0;

  constructor(name: string, pieces: readonly Piece[], functions: ReadonlySet<string>) {
    this.#name = name;
    this.#pieces = pieces;
    this.#functions = functions;
  }

  all(): Map<string, TemplateNode[]> {
    const { nodes, end } = this.#list();
    if (end !== undefined) this.#fail(`{{${end.word}}} has no {{if}}, {{range}}, {{with}} or {{define}} before it`);
    return new Map([...this.#defined, [this.#name, nodes]]);
  }

  #fail(reason: string): never {
    throw new TemplateFault(this.#name, this.#line, reason);
  }

  /** Nodes up to `end` or `else`, which is taken too. */
  #list(): { nodes: TemplateNode[]; end: { word: 'end' | 'else'; rest: readonly Token[] } | undefined } {
    if (++this.#depth > deepest) this.#fail(`actions lie in each other more than ${deepest} deep`);
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#at++];
      if (piece === undefined) {
        this.#depth--;
        return { nodes, end: undefined };
      }
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      this.#line = piece.line;
      const [first, ...rest] = piece.tokens;
      if (first === undefined) this.#fail('an action is empty');
      if (first.kind !== 'word' || !keywords.has(first.value)) {
        nodes.push({ kind: 'action', pipeline: this.#pipeline(piece.tokens, 'action') });
        continue;
      }
      if (first.value === 'end' || first.value === 'else') {
        if (first.value === 'end' && rest.length > 0) this.#fail('{{end}} takes nothing more');
        this.#depth--;
        return { nodes, end: { word: first.value, rest } };
      }
      const node = this.#keyword(first.value, rest);
      if (node !== undefined) nodes.push(node);
    }
  }

  #keyword(word: string, rest: readonly Token[]): TemplateNode | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(word, rest);
      case 'break':
      case 'continue':
        if (this.#loops === 0) this.#fail(`{{${word}}} stands outside of {{range}}`);
        if (rest.length > 0) this.#fail(`{{${word}}} takes nothing more`);
        return { kind: word };
      default:
        return this.#named(word as 'define' | 'block' | 'template', rest);
    }
  }

  #named(word: 'define' | 'block' | 'template', [named, ...rest]: readonly Token[]): TemplateNode | undefined {
    if (named?.kind !== 'string') this.#fail(`{{${word}}} needs a name in quotes`);
    const { line } = { line: this.#line };
    const pipeline = rest.length === 0 ? undefined : this.#pipeline(rest, 'value');
    if (word === 'template') return { kind: 'template', name: named.value, pipeline, line };
    if (word === 'define' && pipeline !== undefined) this.#fail('{{define}} takes a name and nothing more');
    if (word === 'define' && this.#depth > 1) this.#fail('{{define}} stands inside of another action');
    if (word === 'block' && pipeline === undefined) this.#fail('{{block}} needs a value after its name');
    const loops = this.#loops;
    this.#loops = 0;
    const { nodes, end } = this.#list();
    this.#loops = loops;
    if (end?.word !== 'end') this.#unclosed(word, line);
    this.#defined.set(named.value, nodes);
    return word === 'block' ? { kind: 'template', name: named.value, pipeline, line } : undefined;
  }

  #unclosed(word: string, line: number): never {
    throw new TemplateFault(this.#name, line, `{{${word}}} has no {{end}}`);
  }

  #branch(kind: 'if' | 'with' | 'range', tokens: readonly Token[]): TemplateNode {
    const line = this.#line;
    const pipeline = this.#pipeline(tokens, kind);
    if (kind === 'range') this.#loops++;
    const { nodes: then, end } = this.#list();
    if (kind === 'range') this.#loops--;
    if (end === undefined) this.#unclosed(kind, line);
    if (end.word === 'end') return { kind, pipeline, then, otherwise: [] };
    const [next, ...rest] = end.rest;
    if (next === undefined) {
      const { nodes: otherwise, end: last } = this.#list();
      if (last?.word !== 'end') this.#unclosed(kind, line);
      return { kind, pipeline, then, otherwise };
    }
    // {{else if}} is an {{if}} in the else, closed by the same {{end}}.
    if (next.kind !== 'word' || next.value !== kind || kind === 'range')
      this.#fail(`{{else}} of {{${kind}}} cannot be followed by that`);
    if (++this.#depth > deepest) this.#fail(`actions lie in each other more than ${deepest} deep`);
    const otherwise = [this.#branch(kind, rest)];
    this.#depth--;
    return { kind, pipeline, then, otherwise };
  }

  #pipeline(tokens: readonly Token[], of: 'action' | 'if' | 'with' | 'range' | 'value'): Pipeline {
    const sign = tokens.findIndex(({ kind }) => kind === ':=' || kind === '=');
    const declares = sign < 0 ? [] : tokens.slice(0, sign).flatMap((token) => (token.kind === 'variable' ? [token.value] : []));
    if (sign >= 0) {
      const commas = tokens.slice(0, sign).filter(({ kind }) => kind === ',').length;
      if (declares.length === 0 || declares.length + commas !== sign || commas !== declares.length - 1) {
        this.#fail('before := and = stand variables, like $x');
      }
      if (declares.length > (of === 'range' ? 2 : 1)) this.#fail(`too many variables: only {{range}} takes two`);
    }
    const reading = { tokens: tokens.slice(sign + 1), at: 0 };
    const commands = this.#commands(reading);
    if (reading.at < reading.tokens.length) this.#fail(`unexpected ${shown(reading.tokens[reading.at])}`);
    return { declares, assigns: tokens[sign]?.kind === '=', commands, line: this.#line };
  }

  #commands(reading: TokenReading): Command[] {
    const commands: Command[] = [];
    do {
      const command: Operand[] = [];
      for (let operand = this.#operand(reading); operand !== undefined; operand = this.#operand(reading)) command.push(operand);
      if (command.length === 0) this.#fail('a value is missing');
      const [first] = command;
      const callable = first?.kind === 'function' || first?.kind === 'fields' || first?.kind === 'variable';
      if (commands.length > 0 && !callable) this.#fail(`after | stands a function (command ${commands.length + 1} is none)`);
      commands.push(command);
    } while (reading.tokens[reading.at]?.kind === '|' && ++reading.at > 0);
    return commands;
  }

  #operand(reading: TokenReading): Operand | undefined {
    const token = reading.tokens[reading.at];
    if (token === undefined || token.kind === '|' || token.kind === ')') return undefined;
    if (
      token.glued &&
      reading.at > 0 &&
      !['(', '|', '='].includes(reading.tokens[reading.at - 1]?.kind ?? '') &&
      token.kind !== '('
    ) {
      this.#fail(`a space is missing before ${shown(token)}`);
    }
    reading.at++;
    let operand: Operand;
    if (token.kind === 'string' || token.kind === 'number') operand = { kind: 'constant', value: token.value };
    else if (token.kind === 'dot') operand = { kind: 'dot' };
    else if (token.kind === 'field') operand = { kind: 'fields', of: { kind: 'dot' }, names: [token.value] };
    else if (token.kind === 'variable') operand = { kind: 'variable', name: token.value };
    else if (token.kind === 'word') operand = this.#word(token.value);
    else if (token.kind === '(') {
      if (++this.#depth > deepest) this.#fail(`parentheses lie in each other more than ${deepest} deep`);
      const commands = this.#commands(reading);
      this.#depth--;
      if (reading.tokens[reading.at++]?.kind !== ')') this.#fail('a parenthesis is not closed');
      operand = { kind: 'pipeline', pipeline: { declares: [], assigns: false, commands, line: this.#line } };
    } else return this.#fail(`unexpected ${shown(token)}`);
    return this.#chain(operand, reading);
  }

  #word(word: string): Operand {
    if (word === 'nil') return { kind: 'nil' };
    if (word === 'true' || word === 'false') return { kind: 'constant', value: word === 'true' };
    if (!this.#functions.has(word)) this.#fail(`function ${JSON.stringify(word)} is not defined`);
    return { kind: 'function', name: word };
  }

  #chain(operand: Operand, reading: TokenReading): Operand {
    const names: string[] = [];
    for (;;) {
      const next = reading.tokens[reading.at];
      if (next?.kind !== 'field' || !next.glued) break;
      names.push(next.value);
      reading.at++;
    }
    if (names.length === 0) return operand;
    if (operand.kind === 'constant' || operand.kind === 'nil') this.#fail(`${operand.kind} has no field ${names[0] ?? ''}`);
    return operand.kind === 'fields'
      ? { ...operand, names: [...operand.names, ...names] }
      : { kind: 'fields', of: operand, names };
  }
}

interface TokenReading {
  readonly tokens: readonly Token[];
  at: number;
}

const shown = (token: Token | undefined): string =>
  token === undefined ? 'end' : 'value' in token ? JSON.stringify(token.value) : JSON.stringify(token.kind);
