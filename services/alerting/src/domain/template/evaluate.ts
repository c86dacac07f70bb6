// Runs templates over values. Bounded: a template that would run or grow without end is a fault.
import { CallFault, type TemplateFunction } from './functions.ts';
import { HtmlFault, HtmlOutput } from './html-output.ts';
import { spanMethod, timeMethod } from './go-time.ts';
import type { Command, Operand, Pipeline, TemplateNode, Templates } from './nodes.ts';
import { printed } from './print.ts';
import { PatternFault } from '../pattern.ts';
import { TemplateFault } from './template-fault.ts';
import { isTrue, List, mapMethod, type Method, Span, StringMap, Struct, Time, typeOf, type Value } from './values.ts';

export interface TemplateLimits {
  /** Steps: nodes run, functions called, and a share of what they work on. */
  readonly steps: number;
  /** Of the whole output, and of any text on the way; in UTF-16 units. */
  readonly outputLength: number;
  /** Templates within templates. */
  readonly depth: number;
}

export const defaultTemplateLimits: TemplateLimits = { steps: 1_000_000, outputLength: 1_048_576, depth: 100 };

/**
 * The output of a template for `data`. Throws TemplateFault.
 *
 *   T1  ends within `limits.steps` steps, and no text is longer than `limits.outputLength`
 *   T2  with `html`, no value puts an element, an attribute or a script into the output, unless it went through safeHtml
 */
export function runTemplate(
  templates: Templates,
  name: string,
  data: Value,
  functions: ReadonlyMap<string, TemplateFunction>,
  html: boolean,
  limits: TemplateLimits,
): string {
  return new Run(templates, functions, html ? new HtmlOutput() : undefined, limits).output(name, data);
}

type Flow = 'on' | 'break' | 'continue';

class Run {
  readonly #templates: Templates;
  readonly #functions: ReadonlyMap<string, TemplateFunction>;
  readonly #html: HtmlOutput | undefined;
  readonly #limits: TemplateLimits;
  readonly #parts: string[] = [];
  #length = 0;
  #steps = 0;
  #depth = 0;
  #name = '';
  #line = 1;
  #variables: { name: string; value: Value }[] = [];

  constructor(
    templates: Templates,
    functions: ReadonlyMap<string, TemplateFunction>,
    html: HtmlOutput | undefined,
    limits: TemplateLimits,
  ) {
    this.#templates = templates;
    this.#functions = functions;
    this.#html = html;
    this.#limits = limits;
  }

  output(name: string, data: Value): string {
    this.#template(name, data);
    return this.#parts.join('');
  }

  #fail(reason: string): never {
    throw new TemplateFault(this.#name, this.#line, reason);
  }

  #charge(work: number): void {
    this.#steps += work;
    if (this.#steps > this.#limits.steps) this.#fail(`it takes more than ${this.#limits.steps} steps`);
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#limits.outputLength) this.#fail(`its output is longer than ${this.#limits.outputLength} characters`);
    this.#parts.push(text);
  }

  #template(name: string, data: Value): void {
    const nodes = this.#templates.get(name);
    if (nodes === undefined) this.#fail(`template ${JSON.stringify(name)} is not defined`);
    if (this.#depth >= this.#limits.depth) this.#fail(`templates call each other more than ${this.#limits.depth} deep`);
    const [variables, outer] = [this.#variables, this.#name];
    this.#variables = [{ name: '', value: data }];
    this.#name = name;
    this.#depth++;
    this.#list(nodes, data);
    this.#depth--;
    this.#name = outer;
    this.#variables = variables;
  }

  /** Variables declared within last to the end of the list. */
  #list(nodes: readonly TemplateNode[], dot: Value): Flow {
    const known = this.#variables.length;
    let flow: Flow = 'on';
    for (const node of nodes) {
      flow = this.#node(node, dot);
      if (flow !== 'on') break;
    }
    this.#variables.length = known;
    return flow;
  }

  #node(node: TemplateNode, dot: Value): Flow {
    this.#charge(1);
    switch (node.kind) {
      case 'text':
        this.#write(this.#html === undefined ? node.text : this.#escaping((html) => html.literal(node.text)));
        return 'on';
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.declares.length === 0) this.#write(this.#shown(value));
        return 'on';
      }
      case 'template': {
        this.#line = node.line;
        this.#template(node.name, node.pipeline === undefined ? null : this.#pipeline(node.pipeline, dot));
        return 'on';
      }
      case 'if':
      case 'with': {
        const known = this.#variables.length;
        const value = this.#pipeline(node.pipeline, dot);
        const flow = isTrue(value) ? this.#list(node.then, node.kind === 'with' ? value : dot) : this.#list(node.otherwise, dot);
        this.#variables.length = known;
        return flow;
      }
      case 'range':
        return this.#range(node, dot);
      default:
        return node.kind;
    }
  }

  #range(node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>, dot: Value): Flow {
    const known = this.#variables.length;
    const over = this.#pipeline({ ...node.pipeline, declares: [] }, dot);
    const items = this.#items(over);
    for (const [key, item] of items) {
      this.#charge(1);
      const [first, second] = node.pipeline.declares;
      if (second !== undefined && first !== undefined)
        this.#declare(node.pipeline, [
          [first, key],
          [second, item],
        ]);
      else if (first !== undefined) this.#declare(node.pipeline, [[first, item]]);
      const flow = this.#list(node.then, item);
      this.#variables.length = known;
      if (flow === 'break') return 'on';
    }
    return items.length === 0 ? this.#list(node.otherwise, dot) : 'on';
  }

  #items(over: Value): (readonly [Value, Value])[] {
    if (over === null) return [];
    if (over instanceof List) return over.items.map((item, index) => [index, item]);
    if (over instanceof StringMap) return [...over.entries];
    if (typeof over === 'number' && Number.isInteger(over)) {
      this.#charge(Math.max(0, over));
      return Array.from({ length: Math.max(0, over) }, (_, index) => [index, index]);
    }
    return this.#fail(`range can't iterate over ${typeOf(over)}`);
  }

  #declare({ assigns }: Pipeline, values: readonly (readonly [string, Value])[]): void {
    for (const [name, value] of values) {
      if (!assigns) {
        this.#variables.push({ name, value });
        continue;
      }
      const known = this.#variables.findLast((each) => each.name === name);
      if (known === undefined) this.#fail(`undefined variable $${name}`);
      known.value = value;
    }
  }

  #shown(value: Value): string {
    if (this.#html === undefined) return value === null ? '<no value>' : printed(value);
    return this.#escaping((html) => html.value(value));
  }

  #escaping(work: (html: HtmlOutput) => string): string {
    try {
      return this.#html === undefined ? '' : work(this.#html);
    } catch (error) {
      if (error instanceof HtmlFault) this.#fail(error.message);
      throw error;
    }
  }

  #pipeline(pipeline: Pipeline, dot: Value): Value {
    this.#line = pipeline.line;
    let value: Value | undefined;
    for (const command of pipeline.commands) value = this.#command(command, dot, value);
    const [declared] = pipeline.declares;
    if (declared !== undefined) this.#declare(pipeline, [[declared, value ?? null]]);
    return value ?? null;
  }

  #command([first, ...rest]: Command, dot: Value, piped: Value | undefined): Value {
    this.#charge(1);
    if (first === undefined) return null;
    const args = (): Value[] => [...rest.map((each) => this.#operand(each, dot)), ...(piped === undefined ? [] : [piped])];
    if (first.kind === 'function') return this.#call(first.name, rest, dot, piped, args);
    if (first.kind === 'fields') {
      const of = this.#operand(first.of, dot);
      return first.names.reduce(
        (value, name, index) => this.#field(value, name, index === first.names.length - 1 ? args() : []),
        of,
      );
    }
    if (first.kind === 'nil' && rest.length === 0) this.#fail('nil is not a command');
    if (rest.length > 0 || piped !== undefined) this.#fail(`${first.kind} takes no arguments`);
    return this.#operand(first, dot);
  }

  #call(name: string, rest: readonly Operand[], dot: Value, piped: Value | undefined, args: () => Value[]): Value {
    if (name === 'and' || name === 'or') {
      const lazy = [...rest.map((each) => () => this.#operand(each, dot)), ...(piped === undefined ? [] : [() => piped])];
      if (lazy.length === 0) this.#fail(`${name} needs an argument`);
      let value: Value = null;
      for (const each of lazy) {
        value = each();
        if (isTrue(value) === (name === 'or')) break;
      }
      return value;
    }
    try {
      return this.#bounded(this.#functions.get(name)?.(args(), (work) => this.#charge(work)) ?? null);
    } catch (error) {
      if (error instanceof CallFault || error instanceof PatternFault) this.#fail(`error calling ${name}: ${error.message}`);
      throw error;
    }
  }

  /** Text that grows by itself, like a variable doubled again and again, ends here. */
  #bounded(value: Value): Value {
    if (typeof value === 'string') {
      if (value.length > this.#limits.outputLength)
        this.#fail(`a text in it is longer than ${this.#limits.outputLength} characters`);
      this.#charge(value.length / 100);
    }
    return value;
  }

  #operand(operand: Operand, dot: Value): Value {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'constant':
        return operand.value;
      case 'variable': {
        const known = this.#variables.findLast(({ name }) => name === operand.name);
        return known === undefined ? this.#fail(`undefined variable $${operand.name}`) : known.value;
      }
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot);
      case 'function':
      case 'fields':
        return this.#command([operand], dot, undefined);
    }
  }

  #field(value: Value, name: string, args: readonly Value[]): Value {
    const found = this.#member(value, name);
    if (typeof found === 'function') return this.#bounded(found(...args));
    if (args.length > 0) this.#fail(`${name} has arguments but is no method`);
    return found;
  }

  #member(value: Value, name: string): Value | Method {
    let found: Value | Method | undefined;
    if (value instanceof Struct) found = value.fields.get(name);
    else if (value instanceof StringMap) found = mapMethod(value, name) ?? value.entries.get(name) ?? '';
    else if (value instanceof List) found = Object.hasOwn(value.methods, name) ? value.methods[name] : undefined;
    else if (value instanceof Time) found = timeMethod(value, name);
    else if (value instanceof Span) found = spanMethod(value, name);
    else if (value === null) this.#fail(`nil has no field ${name}`);
    return found === undefined ? this.#fail(`can't evaluate field ${name} in type ${typeOf(value)}`) : found;
  }
}
