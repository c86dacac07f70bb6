// docs/siem.md says what is true.
import { readFile } from 'node:fs/promises';
import { parsePolicy } from '../src/domain/config/policy-file.ts';
import { scalesOf } from '../src/domain/siem/severity-scales.ts';
import { moreSinks } from '../src/outbound/more-sinks.ts';
import { openSinkHttp } from '../src/outbound/sink-http.ts';
import { templateSet } from '../src/domain/template/template-set.ts';

const page = await readFile(new URL('../../../docs/siem.md', import.meta.url), 'utf8');

test('the example of docs/siem.md is a policy file, with the guarantees that it tells', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { receivers } = parsePolicy(example, ['siem']);
  const http = openSinkHttp(undefined);
  const { made, faults } = moreSinks(receivers[0]!, { templates: templateSet([]), clock: () => 0 }, () => http);
  http.close();
  expect(faults).toEqual([]);
  expect(made.map(({ name, guarantee, keepsRecords }) => [name, guarantee, keepsRecords])).toEqual([
    ['splunk_hec/0', 'exactly_once', true],
    ['elasticsearch/0', 'exactly_once', true],
    ['syslog/0', 'at_least_once', true],
  ]);
});

test('the severities of docs/siem.md are those that are sent', () => {
  const [, table = ''] = /\| `severity` \|.*\n\|[-|]+\n([\s\S]*)$/.exec(page) ?? [];
  const rows = table.trim().split('\n').map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
  expect(rows).toHaveLength(11);
  for (const [words = '', ...numbers] of rows) {
    for (const word of words.split(', ')) {
      const { ecs, ocsf, cef, syslog } = scalesOf(word === 'none' ? '' : word);
      expect([word, ...numbers]).toEqual([word, ...[ecs, ocsf, cef, syslog].map(String)]);
    }
  }
});
