// The YAML of Agent Threat Rules, with the lines of its parts.
import type { Refusal, RuleText } from '@tmws/detection';
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

interface ParsedAtr {
  readonly source: string;
  readonly document: unknown;
  /** From 1; undefined: not known. */
  readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
}

/** What can be read, and what is no YAML. @param pause  awaited after each text: there may be many */
export async function parsedAtr(
  texts: readonly RuleText[],
  pause: () => Promise<void>,
): Promise<{ documents: ParsedAtr[]; unreadable: Refusal[] }> {
  const documents: ParsedAtr[] = [];
  const unreadable: Refusal[] = [];
  for (const { source, text } of texts) {
    await pause();
    const lines = new LineCounter();
    const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const faults = parsed.errors.map(({ message, pos }) => ({
      path: '',
      line: lines.linePos(pos[0]).line,
      message: `the YAML cannot be read: ${message}`,
    }));
    if (faults.length > 0) unreadable.push({ source, document: 0, faults });
    else if (parsed.contents !== null)
      documents.push({
        source,
        document: parsed.toJS({ maxAliasCount: 100 }) as unknown,
        lineOf: (path) => lineAt(parsed.contents, path, lines),
      });
  }
  return { documents, unreadable };
}

/** The line of what lies at a path, or of the nearest part around it. */
function lineAt(root: Node | null, path: readonly (string | number)[], lines: LineCounter): number | undefined {
  let node: unknown = root;
  let offset = root?.range?.[0];
  for (const part of path) {
    if (isMap(node)) {
      const pair: unknown = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!isPair(pair)) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && node.items[Number(part)] !== undefined) {
      node = node.items[Number(part)];
      offset = (node as Node).range?.[0] ?? offset;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
