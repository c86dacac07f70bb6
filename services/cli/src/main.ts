#!/usr/bin/env node
import { runCli } from './run-cli.ts';
import { processTerminal } from './terminal.ts';

// The reader of a pipe may leave before the end: `tmws run list --all | head`. That is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.stderr.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), processTerminal(process));
