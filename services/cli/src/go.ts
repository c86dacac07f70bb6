import type { Command } from 'commander';
import type { Context } from './context.ts';

/** Runs a command's function with the context its global options ask for. */
export type Go = (command: Command, run: (context: Context) => Promise<unknown>) => Promise<void>;
