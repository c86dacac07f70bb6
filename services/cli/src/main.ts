#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Stripping types takes most of a short command's time, so what was stripped once is kept. A folder that cannot be written is no failure.
const { env } = process;
enableCompileCache(join(env.TMWS_CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tmws'), 'compile'));

// The reader of a pipe may leave before the end: `tmws run list --all | head`. That is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.stderr.on('error', () => undefined);

const { runCli } = await import('./run-cli.ts');
const { processTerminal } = await import('./terminal.ts');
process.exitCode = await runCli(process.argv.slice(2), processTerminal(process));
