// kubectl and helm as programs of their own, as their users call them.
import { spawn } from 'node:child_process';

export interface ToolOptions {
  /** Its standard input. */
  readonly input?: string;
  /** 5 minutes if absent. */
  readonly timeoutMs?: number;
}

/** @returns standard output @throws with both outputs when it fails or takes too long */
export function runTool(
  program: string,
  args: readonly string[],
  { input = '', timeoutMs = 300_000 }: ToolOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    let late = false;
    const timer = setTimeout(() => ((late = true), child.kill('SIGKILL')), timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', reject).once('close', (code) => {
      clearTimeout(timer);
      if (code === 0 && !late) return resolve(out);
      // Helm tells of each link in a chart.
      const said = (err + out).replaceAll(/^level=INFO .*\n?/gm, '');
      const how = late ? `was not done in ${timeoutMs / 1000} s` : `ended with ${String(code)}`;
      reject(new Error(`\`${[program.split('/').at(-1), ...args].join(' ')}\` ${how}: ${said.trim().slice(-3000)}`));
    });
  });
}
