// Receivers with a handle, seen as the matrix sees a receiver: each thing that people see there is a message.
import type { AlertSink } from '../alert-sink.ts';
import type { KnownReceiver } from '../known-receivers.ts';

/** What the matrix asks of a receiver. */
export type Sink = Pick<AlertSink, 'told' | 'firstToldMs' | 'hold' | 'held' | 'letGo'>;

/** @param perCell  as many wait when one does: the others come after it */
export function asSink({ wire, said, seen }: KnownReceiver, perCell: number): Sink {
  return {
    told: (_path, alertname) => new Map(seen(new RegExp(`${alertname}(?!\\d)`)).map((name) => [name, 1])),
    firstToldMs: () => undefined,
    hold: () => wire.hold(said),
    held: () => (wire.held > 0 ? perCell : 0),
    letGo: () => wire.letGo(),
  };
}
