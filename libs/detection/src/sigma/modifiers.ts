// The modifiers behind a field's name, applied in their order. Sigma modifiers appendix 2.1.
import { RuleFault } from '../fault.ts';
import { anyDash, base64, base64Offsets, type Encoded, type Utf16, utf16 } from './encodings.ts';
import { anyRun, parsePattern, type Token } from './pattern.ts';
import { type TimePart, timeParts } from './time-part.ts';

const textModifiers = [
  'contains',
  'startswith',
  'endswith',
  'windash',
  'base64',
  'base64offset',
  'utf16',
  'utf16le',
  'utf16be',
  'wide',
];
const comparisons = ['gt', 'gte', 'lt', 'lte'] as const;
const others = ['all', 're', 'i', 'm', 's', 'cidr', 'exists', 'fieldref', 'expand', 'cased', 'neq'];
export const knownModifiers: readonly string[] = [...textModifiers, ...others, ...comparisons, ...timeParts];

export type Comparison = (typeof comparisons)[number];

/** What a rule's value became: how a value of the field is held against it. */
export interface Modified {
  readonly how: 'pattern' | 're' | 'cidr' | 'exists' | 'fieldref' | 'compare';
  readonly all: boolean;
  readonly not: boolean;
  readonly cased: boolean;
  readonly flags: string;
  readonly comparison?: Comparison;
  readonly part?: TimePart;
  /** `fieldref` with contains, startswith or endswith. */
  readonly where?: 'contains' | 'startswith' | 'endswith';
  readonly patterns: (text: string) => readonly (readonly Token[])[];
}

/** Values for `%name%` of `expand`. */
export type Placeholders = Readonly<Record<string, readonly string[]>>;

/** @throws RuleFault a modifier that there is not, or that does not go with another */
export function readModifiers(names: readonly string[], placeholders: Placeholders): Modified {
  const unknown = names.find((name) => !knownModifiers.includes(name));
  if (unknown !== undefined) throw new RuleFault(unknownModifier(unknown));
  const has = (name: string): boolean => names.includes(name);
  const kinds = ['re', 'cidr', 'exists', 'fieldref', ...comparisons].filter(has);
  if (kinds.length > 1)
    throw new RuleFault(`the modifiers ${kinds.join(' and ')} do not go together; a value is meant in one way`);
  const parts = timeParts.filter(has);
  if (parts.length > 1) throw new RuleFault(`the modifiers ${parts.join(' and ')} do not go together; give a selection for each`);
  const texts = names.filter((name) => textModifiers.includes(name));
  const [kind] = kinds;
  const comparison = comparisons.find(has);
  const [part] = parts;
  for (const flag of ['i', 'm', 's'])
    if (has(flag) && kind !== 're') throw new RuleFault(`the modifier ${flag} is one of re; write |re|${flag}`);
  if (part !== undefined && kind !== undefined && comparison === undefined)
    throw new RuleFault(`${part} goes with gt, gte, lt, lte and neq, not with ${kind}`);
  const wheres = texts.filter((name) => /^(contains|startswith|endswith)$/.test(name)) as Modified['where'][];
  const allowed =
    kind === 're' || kind === 'fieldref' ? wheres.length : kind === undefined && part === undefined ? texts.length : 0;
  if (texts.length > allowed) throw new RuleFault(`${texts.at(-1) ?? ''} does not go with ${kind ?? part ?? ''}`);
  if (kind === 'exists' && names.length > 1)
    throw new RuleFault('exists goes with no other modifier; its value is true or false');
  return {
    how: comparison !== undefined || part !== undefined ? 'compare' : kind === undefined ? 'pattern' : (kind as Modified['how']),
    all: has('all'),
    not: has('neq'),
    cased: has('cased'),
    flags: ['i', 'm', 's'].filter(has).join(''),
    ...(comparison === undefined ? {} : { comparison }),
    ...(part === undefined ? {} : { part }),
    ...(wheres[0] === undefined ? {} : { where: wheres[0] }),
    patterns: (text) => applied(text, names, placeholders),
  };
}

function unknownModifier(name: string): string {
  const near = knownModifiers.filter((known) => known.startsWith(name.slice(0, 3).toLowerCase()));
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${knownModifiers.join(', ')}`;
  return `there is no modifier ${JSON.stringify(name)}; ${hint}`;
}

function applied(text: string, names: readonly string[], placeholders: Placeholders): readonly (readonly Token[])[] {
  const texts = names.includes('expand') ? expanded(text, placeholders) : [text];
  let values: readonly Encoded[] = texts.map((each) => ({ tokens: parsePattern(each), bytes: false }));
  for (const name of names) values = values.flatMap((value) => step(name, value));
  return values.map(({ tokens }) => tokens);
}

function step(name: string, value: Encoded): readonly Encoded[] {
  const { tokens, bytes } = value;
  const open = (before: boolean, after: boolean): readonly Encoded[] => [
    {
      tokens: [
        ...(before && tokens[0] !== anyRun ? [anyRun] : []),
        ...tokens,
        ...(after && tokens.at(-1) !== anyRun ? [anyRun] : []),
      ] as Token[],
      bytes,
    },
  ];
  switch (name) {
    case 'contains':
      return open(true, true);
    case 'startswith':
      return open(false, true);
    case 'endswith':
      return open(true, false);
    case 'windash':
      return [anyDash(value)];
    case 'base64':
      return [base64(value)];
    case 'base64offset':
      return base64Offsets(value);
    case 'utf16':
    case 'utf16le':
    case 'utf16be':
    case 'wide':
      return [utf16(value, name satisfies Utf16)];
    default:
      return [value];
  }
}

/** Every combination of the values of the placeholders in a text. */
function expanded(text: string, placeholders: Placeholders): readonly string[] {
  let texts = [''];
  for (const piece of text.split(/(\\%|%[^%\s\\]+%)/)) {
    const name = /^%(.+)%$/s.exec(piece)?.[1];
    const values = name === undefined ? [piece === '\\%' ? '%' : piece] : placeholders[name];
    if (values === undefined || values.length === 0)
      throw new RuleFault(`the placeholder ${piece} has no values here; define ${name ?? ''} among the placeholders`);
    texts = texts.flatMap((before) => values.map((value) => before + value));
    if (texts.length > 10_000) throw new RuleFault(`the placeholders of ${JSON.stringify(text)} make more than 10,000 values`);
  }
  return texts;
}
