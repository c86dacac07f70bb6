import { readFileSync } from 'node:fs';
import type { Context } from '../context.ts';
import { printObject } from '../output.ts';

/** `tmws version`: of this program and of what runs it. */
export async function version(context: Context): Promise<void> {
  const { version: own } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  await printObject(context, { tmws: own, node: process.versions.node }, [
    ['tmws', own],
    ['node', process.versions.node],
  ]);
}
