// YAML read into values of known shape. Every mistake is kept with its line and path; reading goes on, so all come at once.
import { isAlias, isMap, isScalar, isSeq, type Document, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';

export interface ConfigFault {
  /** From 1. */
  readonly line: number;
  /** `route.routes[2].group_wait`; '' is the whole file. */
  readonly path: string;
  readonly message: string;
}

/** A file that cannot be used: every mistake in it. */
export class ConfigFaults extends Error {
  override readonly name = 'ConfigFaults';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(({ line, path, message }) => `line ${line}: ${path === '' ? '' : `${path}: `}${message}`).join('\n'));
    this.faults = faults;
  }
}

/** A place in the file while it is read. */
export interface Place {
  readonly node: Node | null;
  readonly path: string;
  readonly line: number;
  readonly reading: Reading;
}

/** What makes a value of a place, or notes what is wrong with it and gives undefined. An empty place (`key:`) is undefined without a fault. */
export type Reader<T> = (place: Place) => T | undefined;

const sayYaml = (message: string): string =>
  message.includes('multiple documents')
    ? 'the file holds a second YAML document, which Alertmanager would ignore; remove it'
    : message.replace(/: ".*$/s, '');

const mostNodes = 1_000_000;
const longestPath = 2000;

export class Reading {
  readonly document: Document.Parsed;
  readonly faults: ConfigFault[] = [];
  /** Scalars that hold secrets, and what is shown in place of each. */
  readonly secrets = new Map<Scalar, string>();
  readonly #lines = new LineCounter();
  #visited = 0;

  constructor(text: string) {
    this.document = parseDocument(text, { lineCounter: this.#lines, merge: true, uniqueKeys: true, prettyErrors: false });
    for (const { message, pos } of this.document.errors) {
      // What follows the colon is a piece of the file, and may be a secret.
      this.fault({ line: this.#lineOf(pos[0]), path: '' }, sayYaml(message));
    }
  }

  root(): Place {
    return this.place(this.document.contents, '', 1);
  }

  /** A node's place, aliases followed. */
  place(node: unknown, path: string, line: number): Place {
    // An anchor may hold an alias of itself, and a few of them billions of nodes.
    if (++this.#visited > mostNodes || path.length > longestPath) {
      throw new ConfigFaults([{ line, path: path.slice(0, 100), message: 'the file is nested too deeply or too large' }]);
    }
    const target = isAlias(node) ? (node.resolve(this.document) ?? null) : ((node ?? null) as Node | null);
    return { node: target, path, line: this.#line(node) ?? line, reading: this };
  }

  fault({ line, path }: Pick<Place, 'line' | 'path'>, message: string): void {
    this.faults.push({ line, path, message });
  }

  #line(node: unknown): number | undefined {
    const range = (node as Node | null | undefined)?.range;
    return range == null ? undefined : this.#lineOf(range[0]);
  }

  #lineOf(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }
}

/** Whether there is nothing at a place: no node, or a null. */
export const isEmpty = ({ node }: Place): boolean => node === null || (isScalar(node) && node.value === null);

/** What a place holds, in a few words for a message. */
export function shown({ node }: Place): string {
  if (isScalar(node)) return JSON.stringify(sourceOf(node).slice(0, 100));
  return isMap(node) ? 'a mapping' : isSeq(node) ? 'a list' : 'nothing';
}

/** A scalar as it was written; YAML's own idea of numbers and booleans does not matter to text. */
export const sourceOf = (scalar: Scalar): string =>
  typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
