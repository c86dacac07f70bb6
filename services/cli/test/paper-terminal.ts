import { Readable } from 'node:stream';
import type { Terminal } from '../src/terminal.ts';

/** A terminal that keeps what is written. Time stands still unless someone sleeps. */
export function paperTerminal(given: Partial<Terminal> = {}) {
  const written = { out: '', err: '' };
  const time = { nowMs: Date.parse('2026-03-01T12:00:00Z') };
  const terminal: Terminal = {
    env: {},
    cwd: '/nowhere',
    print: (text) => Promise.resolve(void (written.out += text)),
    tell: (text) => void (written.err += text),
    outIsTty: false,
    errIsTty: false,
    columns: undefined,
    color: false,
    ask: () => Promise.resolve(undefined),
    input: () => Readable.from([]),
    openBrowser: () => Promise.resolve(false),
    nowMs: () => time.nowMs,
    sleep: (ms) => Promise.resolve(void (time.nowMs += ms)),
    interrupted: () => new AbortController().signal,
    ...given,
  };
  return { terminal, written };
}
