// Draws the map of docs/architecture.md anew. tools/house.test.ts fails when it is not fresh.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withMap } from './house/map.ts';
import { root, textOf } from './house/packages.ts';

const path = 'docs/architecture.md';
writeFileSync(join(root, path), withMap(textOf(path)));
