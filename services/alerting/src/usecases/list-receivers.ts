import type { Route } from '../domain/route-tree.ts';
import type { Clock } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import type { Integration } from './look-at-group.ts';
import type { SinkGates } from './sink-gates.ts';

export interface KnownIntegration {
  readonly name: string;
  readonly kind: string;
  readonly sendResolved: boolean;
  readonly sentLastDay: number;
  readonly deadLastDay: number;
  readonly waiting: number;
  readonly lastSentMs: number | undefined;
  readonly lastError: string;
  readonly circuit: string;
  /** While it is open. */
  readonly circuitUntilMs: number | undefined;
  readonly digestedLastDay: number;
  readonly guarantee: string;
}

export interface KnownReceiver {
  readonly name: string;
  readonly integrations: readonly KnownIntegration[];
  /** Ids of the routes that tell it. */
  readonly routes: readonly string[];
}

interface Listing {
  readonly reads: Pick<AlertReads, 'deliveries'>;
  readonly clock: Clock;
  /** In the order of the file. */
  readonly names: () => Iterable<string>;
  readonly routes: () => Iterable<Route>;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  /** In this process. */
  readonly stateOf: SinkGates['state'];
}

const dayMs = 86_400_000;

/** Receivers of the configuration in force, and what became of the namespace's messages to them. */
export function listReceivers({ reads, clock, names, routes, integrationsOf, stateOf }: Listing) {
  return async (namespace: string): Promise<KnownReceiver[]> => {
    const named = [...names()].flatMap((receiver) =>
      integrationsOf(receiver).map(({ name: integration }) => ({ receiver, integration })),
    );
    const counted = await reads.deliveries(namespace, named, clock() - dayMs);
    const tree = [...routes()];
    return [...names()].map((name) => ({
      name,
      routes: tree.filter(({ options }) => options.receiver === name).map(({ id }) => id),
      integrations: integrationsOf(name).map(({ name: integration, sendResolved, guarantee }): KnownIntegration => {
        const { circuit, untilMs: circuitUntilMs } = stateOf({ receiver: name, integration }, clock());
        const found = counted.find((each) => each.receiver === name && each.integration === integration);
        return {
          name: integration,
          kind: integration.split('/')[0] ?? '',
          sendResolved,
          sentLastDay: found?.sent ?? 0,
          deadLastDay: found?.dead ?? 0,
          waiting: found?.waiting ?? 0,
          lastSentMs: found?.lastSentMs,
          lastError: found?.lastError ?? '',
          ...{ circuit, circuitUntilMs },
          digestedLastDay: found?.digested ?? 0,
          guarantee: guarantee ?? 'at_least_once',
        };
      }),
    }));
  };
}
