// The sinks of a configuration with one receiver, `team`.
import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { openSinks, type Sinks } from '../src/outbound/sinks.ts';
import type { Sink } from '../src/ports.ts';
import { sentAtMs } from './sent-notification.ts';

/** @param receiver  what stands below the receiver's name, as YAML in one line @param rest  the rest of the file */
export async function openReceiver(
  receiver: string,
  rest = '',
  folder = '/',
): Promise<Sinks & { sink: (integration: string) => Sink }> {
  const file = `${rest}\nroute: {receiver: team}\nreceivers:\n- {name: team, ${receiver}}\n`;
  const sinks = await openSinks(parseAlertmanagerConfig(file), { folder, clock: () => sentAtMs });
  return { ...sinks, sink: (integration) => sinks.sinkOf('team', integration)! };
}
