// The sinks of a receiver `team` whose integrations stand in the policy file.
import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { parsePolicy } from '../src/domain/config/policy-file.ts';
import { openSinks, type Sinks } from '../src/outbound/sinks.ts';
import type { Clock, Sink } from '../src/ports.ts';
import { sentAtMs } from './sent-notification.ts';

/** @param receiver  what stands below the receiver's name, as YAML in one line */
export async function openMoreReceiver(
  receiver: string,
  clock: Clock = () => sentAtMs,
): Promise<Sinks & { sink: (integration: string) => Sink; shown: string } & Disposable> {
  const { receivers, original } = parsePolicy(`receivers:\n- {name: team, ${receiver}}\n`, ['team']);
  const file = 'route: {receiver: team}\nreceivers:\n- {name: team}\n';
  const sinks = await openSinks(parseAlertmanagerConfig(file), { more: receivers, folder: '/', clock });
  const sink = (integration: string): Sink => sinks.sinkOf('team', integration)!;
  return { ...sinks, sink, shown: original, [Symbol.dispose]: () => sinks.close() };
}
