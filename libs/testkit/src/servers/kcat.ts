import { join } from 'node:path';
import { findProgram, installDebian, isRoot, unpackDebian } from './debian.ts';

/** kcat, a Kafka client on librdkafka. @returns the path of the program */
export async function installKcat(cache: string): Promise<string> {
  try {
    const there = await findProgram('kcat');
    if (there !== undefined) return there;
    if (!isRoot()) return join(await unpackDebian(cache, 'kcat', ['kcat'], ['usr/bin/kcat']), 'bin/kcat');
    await installDebian(['kcat']);
    return '/usr/bin/kcat';
  } catch (cause) {
    throw new Error(`kcat could not be installed from Debian's package kcat: ${(cause as Error).message}`, { cause });
  }
}
