import { startChild, type ChildOptions } from '../child.ts';
import { lastLines } from '../process.ts';

/**
 * Runs a command to its end.
 *
 * @returns what it printed
 * @throws  when it fails or takes longer than `timeoutMs` (10 min by default); the error has the command and its last lines
 */
export async function run(
  command: string,
  args: readonly string[],
  options: ChildOptions & { timeoutMs?: number } = {},
): Promise<string> {
  const child = await startChild(command, args, options);
  const { timeoutMs = 600_000 } = options;
  const timer = setTimeout(() => void child.kill(), timeoutMs);
  const { code, signal } = await child.exited;
  clearTimeout(timer);
  if (code === 0) return child.output();
  const how = signal === null ? `ended with ${String(code)}` : `was ended by ${signal}`;
  throw new Error(`\`${[command, ...args].join(' ')}\` ${how}:\n${withoutHosts(lastLines(child.output()))}`);
}

/** Addresses of mirrors and proxies are the machine's own and may hold credentials: they stay out of messages. */
const withoutHosts = (text: string) =>
  text
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'")\]>]+/gi, '<address>')
    .replace(/\b(?!127\.)\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>')
    .replace(/\b(?:[a-z0-9-]+\.)+(?:com|dev|io|net|org)\b(?![.:]\w)/gi, '<host>');
