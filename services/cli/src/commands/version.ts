import manifest from '../../package.json' with { type: 'json' };
import type { Context } from '../context.ts';
import { printObject } from '../output.ts';

/** `tmws version`: of this program and of what runs it. */
export async function version(context: Context): Promise<void> {
  await printObject(context, { tmws: manifest.version, node: process.versions.node }, [
    ['tmws', manifest.version],
    ['node', process.versions.node],
  ]);
}
