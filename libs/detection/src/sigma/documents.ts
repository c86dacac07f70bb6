// YAML texts of one or several documents, with the line of every part.
import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import type { Fault, PathPart } from '../fault.ts';

export interface ReadDocument {
  readonly value: unknown;
  /** Why it is no document that can be read; then there is no value. */
  readonly faults: readonly Fault[];
  readonly lineOf: (path: readonly PathPart[]) => number | undefined;
}

const maxAliases = 100;

/** The documents of a text that are not empty. */
export function readDocuments(text: string): readonly ReadDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text.replace(/^\ufeff/, ''), {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: 'error',
  });
  const documents = 'empty' in parsed ? [] : parsed;
  return documents
    .filter(({ contents, errors }) => !isEmpty(contents) || errors.length > 0)
    .map((document) => readOne(document, lines));
}

const isEmpty = (contents: Document['contents']): boolean =>
  contents === null || (isScalar(contents) && contents.value === null && (contents.source ?? '') === '');

function readOne(document: Document, lines: LineCounter): ReadDocument {
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const faults = document.errors.map(({ message, pos }): Fault => ({
    path: '',
    line: lineAt(pos[0]),
    message: `the YAML cannot be read: ${message}`,
  }));
  if (faults.length > 0) return { value: undefined, faults, lineOf: () => undefined };
  keepPlainKeys(document);
  try {
    return { value: document.toJS({ maxAliasCount: maxAliases }), faults, lineOf: (path) => lineOf(document, path, lineAt) };
  } catch (error) {
    const message = `the YAML cannot be read: ${Error.isError(error) ? error.message : String(error)}`;
    return { value: undefined, faults: [{ path: '', message }], lineOf: () => undefined };
  }
}

/**
 * Keys that YAML takes for null or numbers are the text they were written as; so are values written as hexadecimal, with leading
 * zeros or with more digits than a number has: events hold them as they are written.
 */
function keepPlainKeys(document: Document): void {
  visit(document, {
    Scalar(_, scalar) {
      const { value, source = '' } = scalar;
      if (typeof value === 'number' && (/^0\w/.test(source) || (/^-?\d+$/.test(source) && !Number.isSafeInteger(value))))
        scalar.value = source;
    },
    Pair(_, { key }) {
      if (isScalar(key) && typeof key.value !== 'string') key.value = key.source ?? String(key.value);
    },
  });
}

/** The line of what lies at a path, or of the nearest part around it that is there. */
function lineOf(document: Document, path: readonly PathPart[], lineAt: (offset: number) => number): number | undefined {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0];
  for (const part of path) {
    if (isMap(node)) {
      const pair: unknown = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!isPair(pair)) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = /^\d+$/.test(String(part)) ? itemOf(node, Number(part)) : undefined;
      if (node === undefined) break;
      offset = (node as Node).range?.[0] ?? offset;
    }
  }
  return offset === undefined ? undefined : lineAt(offset);
}

function itemOf(node: unknown, index: number): unknown {
  return (node as { items?: readonly unknown[] } | undefined)?.items?.[index];
}
