import { formatDuration } from '@tmws/duration';
import type { Terminal } from './terminal.ts';

/** How far long work is, told on standard error: one line drawn anew on a terminal, else a line each ten seconds. */
export interface Progress {
  report(done: number, total: number): void;
  end(): void;
}

const barColumns = 24;
const lineEachMs = 10_000;

/** @param unit  what is counted: `records` */
export function openProgress(terminal: Terminal, unit: string): Progress {
  const startedMs = terminal.nowMs();
  let lastLineMs = startedMs;
  let drawn = false;
  return {
    report(done, total) {
      const nowMs = terminal.nowMs();
      const text = progressText(done, total, nowMs - startedMs, unit);
      if (terminal.errIsTty) {
        terminal.tell(`\r\x1b[K${text}`);
        drawn = true;
      } else if (nowMs - lastLineMs >= lineEachMs) {
        terminal.tell(`${text}\n`);
        lastLineMs = nowMs;
      }
    },
    end() {
      if (drawn) terminal.tell('\r\x1b[K');
      drawn = false;
    },
  };
}

/** `█████▌        42 %  420 of 1000 records, 35/s, 17 s left`. The rate is over all the time so far. */
export function progressText(done: number, total: number, elapsedMs: number, unit: string): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const eighths = Math.round(share * barColumns * 8);
  const bar = '█'.repeat(Math.floor(eighths / 8)) + ('▏▎▍▌▋▊▉'[(eighths % 8) - 1] ?? '');
  const rate = elapsedMs === 0 ? 0 : (done / elapsedMs) * 1000;
  const left = rate === 0 || done >= total ? '' : `, ${formatDuration(Math.ceil((total - done) / rate) * 1e9)} left`;
  return `${bar.padEnd(barColumns)} ${Math.floor(share * 100)} %  ${done} of ${total} ${unit}, ${Math.round(rate)}/s${left}`;
}
