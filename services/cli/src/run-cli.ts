import { CommanderError } from 'commander';
import { exitCodes, Failure, failureJson, failureText } from './failure.ts';
import { buildProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** The whole of the CLI but the process: runs one command line. @returns the exit code; it never throws */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.done;
  const program = buildProgram(terminal, (ended) => (code = ended));
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.usage;
    const failure = asFailure(error);
    terminal.tell(wantsJson(argv) ? failureJson(failure) : failureText(failure));
    if (!(error instanceof Failure || error instanceof CommanderError) && terminal.env.TMWS_DEBUG === '1') {
      terminal.tell(`${String(Error.isError(error) ? error.stack : error)}\n`);
    }
    return failure.exitCode;
  }
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError)
    return Failure.of(
      'invalid',
      error.message.replace(/^error: /, '').replaceAll('\n', ' '),
      '`tmws help` lists the commands, `--help` after one its options',
    );
  const message = Error.isError(error) ? error.message : String(error);
  return Failure.of('internal', `this is a mistake in tmws itself: ${message}`, 'TMWS_DEBUG=1 shows where');
}

/** Read from the bare arguments, since the mistake may lie in them. */
function wantsJson(argv: readonly string[]): boolean {
  return /(?:^| )(?:-o ?|--output[ =])jsonl?(?: |$)/.test(argv.join(' '));
}
