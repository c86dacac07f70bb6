import type { WatchAlertsResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { alertsPath } from './alert-list.ts';

/** `tmws alert watch`: a line each time something changes, until somebody leaves. */
export async function alertWatch(context: Context): Promise<void> {
  const { terminal, format } = context;
  let rest = '';
  for await (const piece of context.client().getPieces(`${alertsPath}/stream`)) {
    rest += piece;
    const events = rest.split(/\r?\n\r?\n/);
    rest = events.pop() ?? '';
    for (const event of events) {
      const type = /^event: ?(.*)$/m.exec(event)?.[1];
      const data = [...event.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join('\n');
      if (type !== 'change') continue;
      const change = JSON.parse(data) as WatchAlertsResponseJson;
      await terminal.print(
        format === 'json' || format === 'jsonl' ? `${JSON.stringify(change)}\n` : line(change, terminal.nowMs()),
      );
    }
  }
}

function line({ counts = {} }: WatchAlertsResponseJson, nowMs: number): string {
  const { firing = 0, suppressed = 0, damped = 0, acknowledged = 0, bySeverity = {} } = counts;
  const severities = Object.entries(bySeverity).map(([name, count]) => `${count} ${name === '' ? 'without severity' : name}`);
  const parts = [`${firing} firing`, ...severities, `${acknowledged} acknowledged`, `${suppressed} muted`, `${damped} damped`];
  return `${new Date(nowMs).toISOString()}\t${parts.join(', ')}\n`;
}
