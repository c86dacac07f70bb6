// Generated code from its sources: protos → libs/contracts/src/gen. Run by `pnpm generate`; .ci/run fails when the result differs from what is committed.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const buf = (...args: string[]): void => {
  execFileSync('buf', args, { cwd: join(root, 'protos'), stdio: 'inherit' });
};

buf('lint');
buf('generate');
