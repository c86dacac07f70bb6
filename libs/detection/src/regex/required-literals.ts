// What every text that an expression matches must hold. After Russ Cox, "Regular Expression Matching with a Trigram Index" (2012),
// with whole literals in the place of trigrams.
import { foldUnit } from '../literals/fold.ts';
import { anything, type Requirement, requireAll, requireLiteral, requireOne } from '../literals/requirement.ts';
import { type CharSet, sizeOf } from './char-set.ts';
import type { Regex } from './syntax.ts';

/** Above this many texts a part is not written out. */
const maxTexts = 64;
const maxUnits = 24;

interface Known {
  /** Every text the part can be, folded; undefined if there are too many. */
  readonly exact?: readonly string[];
  readonly required: Requirement;
}

export function requiredLiterals(regex: Regex): Requirement {
  return close(known(regex));
}

/** The requirement alone, the exact texts among it. */
function close({ exact, required }: Known): Requirement {
  return exact === undefined ? required : requireAll([required, requireLiteral(exact)]);
}

const nothingKnown: Known = { required: anything };
const emptyText: Known = { exact: [''], required: anything };

function known(regex: Regex): Known {
  switch (regex.kind) {
    case 'empty':
    case 'at':
      return emptyText;
    case 'set':
      return textsOf(regex.set);
    case 'concat':
      return joined(regex.parts.map(known));
    case 'either':
      return oneOf(regex.parts.map(known));
    case 'repeat':
      return repeated(known(regex.body), regex.min, regex.max);
    case 'look':
      return regex.negative ? emptyText : { exact: [''], required: requiredLiterals(regex.body) };
    case 'backreference':
      return nothingKnown;
  }
}

function textsOf(set: CharSet): Known {
  if (sizeOf(set) > 12) return nothingKnown;
  const texts = new Set<string>();
  for (let i = 0; i < set.length; i += 2)
    for (let code = set[i] as number; code <= (set[i + 1] as number); code += 1)
      texts.add(code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(foldUnit(code)));
  return { exact: [...texts], required: anything };
}

function joined(parts: readonly Known[]): Known {
  const required: Requirement[] = [];
  let run: readonly string[] = [''];
  let whole = true;
  for (const part of parts) {
    required.push(part.required);
    const product = part.exact === undefined ? undefined : crossed(run, part.exact);
    if (product === undefined) {
      required.push(requireLiteral(run));
      whole = false;
    }
    run = product ?? part.exact ?? [''];
  }
  if (whole) return { exact: run, required: requireAll(required) };
  required.push(requireLiteral(run));
  return { required: requireAll(required) };
}

function crossed(left: readonly string[], right: readonly string[]): readonly string[] | undefined {
  if (left.length * right.length > maxTexts) return undefined;
  const all = [...new Set(left.flatMap((before) => right.map((after) => before + after)))];
  return all.some(({ length }) => length > maxUnits) ? undefined : all;
}

function oneOf(parts: readonly Known[]): Known {
  const texts = new Set(parts.flatMap(({ exact }) => exact ?? []));
  if (parts.every(({ exact, required }) => exact !== undefined && required.length === 0) && texts.size <= maxTexts)
    return { exact: [...texts], required: anything };
  return { required: requireOne(parts.map(close)) };
}

function repeated(body: Known, min: number, max: number): Known {
  if (min === 0)
    return max === 1 && body.exact !== undefined
      ? { exact: [...new Set([...body.exact, ''])], required: anything }
      : nothingKnown;
  if (min === 1 && max === 1) return body;
  if (min === max && min <= 4 && body.exact !== undefined) return joined(Array.from({ length: min }, () => body));
  return { required: close(body) };
}
