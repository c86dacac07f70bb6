import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { goldens, goldenText, normalised } from '../../tools/charts/golden.ts';
import { chartsDir } from '../../tools/charts/tree.ts';
import { renderedText } from './rendered.ts';

test.each(goldens().map((golden) => [golden.title, golden] as const))(
  '%s renders what is committed; `npx -y pnpm@10 generate:charts` writes it',
  async (_, { options, base, path }) => {
    const under = base === undefined ? undefined : await renderedText(base);
    expect(goldenText(await renderedText(options), under)).toBe(readFileSync(path, 'utf8'));
  },
);

test('there is no committed render of a values file that is gone', () => {
  const kept = readdirSync(join(chartsDir, 'tests/golden'));
  expect(kept.toSorted()).toEqual(
    goldens()
      .map(({ path }) => basename(path))
      .toSorted(),
  );
});

test('what is random, a version or a checksum is no difference', () => {
  const text = (version: string, key: string) =>
    [
      `    helm.sh/chart: workflow-timeline-${version}`,
      `    app.kubernetes.io/version: "${version}"`,
      `  name: tmws-gateway-migrate-${version.replaceAll('.', '-')}-1`,
      `        checksum/config: "${key}"`,
      `  admin-key: "${key}${key}"`,
    ].join('\n');
  expect(normalised(text('0.1.0', 'YWJjZGVmZ2g='))).toBe(normalised(text('2.13.0', 'eHl6enp6eno=')));
});
