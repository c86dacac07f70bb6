import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chart, charts } from '../tree.ts';
import { schemaText } from './chart-schema.ts';

/** Charts whose values are checked: all but libraries, which nobody installs. */
export const chartsWithSchema = (): Chart[] => [...charts().values()].filter(({ library }) => !library);

export const schemaPath = (chart: Chart): string => join(chart.dir, 'values.schema.json');

/** values.schema.json of every chart, from its values.yaml. */
export function writeSchemas(): void {
  for (const chart of chartsWithSchema()) writeFileSync(schemaPath(chart), schemaText(chart));
}
