import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tones } from '../src/model/status.ts';
import { type Theme, themes } from '../src/state/theme.ts';
import { contrast, deltaE2000, labOf, type Vision, visions } from './colour.ts';

const css = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf8');

/** The tokens a theme has: its own block over the base. */
function tokensOf(theme: Theme): ReadonlyMap<string, string> {
  const blocks = [...css.matchAll(/^:root(?:\[data-theme='(\w+)'\])? \{(.*?)^\}/gms)];
  const own = blocks.filter(([, name]) => name === undefined || name === theme);
  return new Map(
    own.flatMap(([, , body = '']) =>
      [...body.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
    ),
  );
}

describe.each(themes)('in the theme %s', (theme) => {
  const tokens = tokensOf(theme);
  const colour = (name: string): string => tokens.get(name) ?? `no --${name}`;
  const texts = ['ink', 'quiet', 'link', ...tones];
  const grounds = ['ground', 'surface', 'raised', 'hover'];
  const readable = theme === 'contrast' ? 7 : 4.5;

  test.each(Object.keys(visions) as Vision[])('any two states are told apart by colour too, with %s', (vision) => {
    const alike = tones.flatMap((one, at) =>
      tones
        .slice(at + 1)
        .map((other) => [one, other, deltaE2000(labOf(colour(one), vision), labOf(colour(other), vision))] as const),
    );
    expect(alike.filter(([, , difference]) => difference < 10)).toEqual([]);
  });

  test(`all text can be read: a contrast of ${readable} on every ground`, () => {
    const pairs = texts.flatMap((text) =>
      grounds.map((ground) => [text, ground, contrast(colour(text), colour(ground))] as const),
    );
    expect(
      [
        ...pairs,
        onGround('ink', 'chosen'),
        onGround('ink', 'bad-ground'),
        onGround('quiet', 'chosen'),
        onGround('bad', 'bad-ground'),
      ].filter(([, , at]) => at < readable),
    ).toEqual([]);
    expect(contrast(colour('on-fill'), colour('primary'))).toBeGreaterThanOrEqual(readable);
  });

  test('marks, outlines of controls and the focus are seen: a contrast of 3', () => {
    const marks = [...tokens.keys()]
      .filter((name) => name.startsWith('kind-'))
      .concat('bad-fill', 'border-strong', 'focus', 'critical', 'primary');
    expect(marks.map((mark) => onGround(mark, 'surface')).filter(([, , at]) => at < 3)).toEqual([]);
  });

  const onGround = (text: string, ground: string) => [text, ground, contrast(colour(text), colour(ground))] as const;
});

test('every theme says every colour that it does not share with the light one on purpose', () => {
  const colours = (theme: Theme) =>
    new Set(
      [...css.matchAll(new RegExp(`^:root\\[data-theme='${theme}'\\] \\{(.*?)^\\}`, 'gms'))].flatMap(([, body = '']) =>
        [...body.matchAll(/--([\w-]+):/g)].map(([, name]) => name),
      ),
    );
  const inLight = [...tokensOf('light')].filter(([, value]) => /^(#|rgb|0 )/.test(value)).map(([name]) => name);
  expect(inLight.filter((name) => name !== 'on-fill' && !colours('dark').has(name))).toEqual([]);
  expect(inLight.filter((name) => !colours('contrast').has(name))).toEqual([]);
});

test('the measures agree with their papers', () => {
  // Pairs 1, 10, 17 and 25 of Sharma, Wu, Dalal 2005.
  expect(deltaE2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
  expect(deltaE2000([50, -0.001, 2.49], [50, 0.0009, -2.49])).toBeCloseTo(4.8045, 4);
  expect(deltaE2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
  expect(deltaE2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4);
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 3);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
