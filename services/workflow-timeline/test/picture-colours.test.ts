import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Palette, palettes, svgThemes } from '../src/domain/svg/svg-look.ts';

const css = readFileSync(join(import.meta.dirname, '../../console/src/styles/tokens.css'), 'utf8');

/** What the console calls each colour of a picture; whose states differ by ΔE2000 ≥ 10 is tested there. */
const tokens: Readonly<Record<Exclude<keyof Palette, 'kinds' | 'stripe'>, string>> = {
  ground: 'surface',
  ink: 'ink',
  quiet: 'quiet',
  grid: 'grid',
  run: 'kind-run',
  pale: 'run-pale',
  bad: 'bad-fill',
  onFill: 'on-fill',
  critical: 'critical',
};

function tokenOf(theme: string, name: string): string | undefined {
  const blocks = [...css.matchAll(/^:root(?:\[data-theme='(\w+)'\])? \{(.*?)^\}/gms)];
  const own = blocks.filter(([, of]) => of === undefined || of === theme);
  return own.flatMap(([, , body = '']) => [...body.matchAll(/--([\w-]+): ([^;]+);/g)]).findLast(([, of]) => of === name)?.[2];
}

test.each(svgThemes)('a picture in the theme %s has the colours the console has in it', (theme) => {
  const { kinds, ...rest } = palettes[theme];
  const colours = Object.fromEntries(Object.entries(rest).filter(([name]) => name !== 'stripe'));
  const named = Object.entries(tokens).map(([colour, token]) => [colour, tokenOf(theme, token)]);
  expect(colours).toEqual(Object.fromEntries(named));
  const ofKinds = Object.keys(kinds).map((kind) => [kind, tokenOf(theme, `kind-${kind.replaceAll('_', '-')}`)]);
  expect(kinds).toEqual(Object.fromEntries(ofKinds));
});

test('every theme of the console has pictures', () => {
  const themes = [...css.matchAll(/^:root\[data-theme='(\w+)'\]/gm)].map(([, name]) => name);
  expect(['light', ...themes].toSorted()).toEqual([...svgThemes].toSorted());
});
