// Generated files from their sources: protos → libs/contracts/src/gen, values of charts → their schemas. Run by `pnpm generate`; .ci/run fails when the result differs from what is committed.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeSchemas } from './charts/schema/write-schemas.ts';

const root = join(import.meta.dirname, '..');
const buf = (...args: string[]): void => {
  execFileSync('buf', args, { cwd: join(root, 'protos'), stdio: 'inherit' });
};

buf('lint');
buf('generate');
writeSchemas();
