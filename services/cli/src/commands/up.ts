import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { exitCodes, Failure } from '../failure.ts';

const fleet = fileURLToPath(new URL('../../../fleet/src/main.ts', import.meta.url));

/** `tmws up`: the fleet in the foreground, in this terminal. @returns its exit code */
export async function up(): Promise<number> {
  if (!existsSync(fleet)) {
    throw Failure.of(
      'precondition',
      'the fleet does not lie beside this tmws',
      'start the image tmws/fleet, or run it from a checkout: `npx -y pnpm@10 start`; for one elsewhere set TMWS_SERVER',
    );
  }
  const child = spawn(process.execPath, [fleet], { stdio: 'inherit' });
  // A Ctrl-C at a terminal reaches the child too; a second one would tell it to hurry.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? exitCodes.failed : 128 + constants.signals[signal])));
  });
}
