import type { ConsoleFiles } from '../ports.ts';

/** Builds the console. The bundler is loaded only here, so a test that gives its own files never loads it. */
export async function loadConsoleFiles(): Promise<ConsoleFiles> {
  const { buildConsole } = await import('@tmws/console');
  return buildConsole();
}
