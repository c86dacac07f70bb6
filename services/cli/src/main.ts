#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheDirOf } from '@tmws/settings';

// Stripping types takes most of a short command's time, so what was stripped once is kept. A folder that cannot be written is no failure.
enableCompileCache(join(cacheDirOf(process.env), 'compile'));

// The reader of a pipe may leave before the end: `tmws run list --all | head`. That is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.stderr.on('error', () => undefined);

const { runCli } = await import('./run-cli.ts');
const { processTerminal } = await import('./terminal.ts');
process.exitCode = await runCli(process.argv.slice(2), processTerminal(process));
