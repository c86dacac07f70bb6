import type { RE2JS } from 're2js';
/** Asks a budget before work. */
type Charge = (work: number) => void;

/** `text` with every match replaced; `$1`, `${1}` and `${name}` in the replacement are groups, `$$` a dollar, as in Go's regexp. */
export function goExpand(pattern: RE2JS, text: string, replacement: string, charge: Charge): string {
  const matcher = pattern.matcher(text);
  const names = pattern.namedGroups();
  const parts: string[] = [];
  let at = 0;
  let last = -1;
  while (matcher.find()) {
    // Nothing, right after a match, is no match.
    if (matcher.start() === matcher.end() && matcher.start() === last) continue;
    last = matcher.end();
    parts.push(
      text.slice(at, matcher.start()),
      expand(replacement, (name) => {
        const group = /^\d+$/.test(name) ? Number(name) : names[name];
        return group === undefined || group > pattern.groupCount() ? '' : (matcher.group(group) ?? '');
      }),
    );
    charge(10 + (parts.at(-1)?.length ?? 0) / 10);
    at = matcher.end();
  }
  return [...parts, text.slice(at)].join('');
}

const expand = (replacement: string, group: (name: string) => string): string =>
  replacement.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced?: string, plain?: string) =>
    all === '$$' ? '$' : group(braced ?? plain ?? ''),
  );
