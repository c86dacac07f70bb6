import { type Log } from '@tmws/log';
import { type Logger } from '@tmws/telemetry';
import { type Need } from '../access.ts';
import { type Coordinator } from '../groups/coordinator.ts';
import { type SignIn } from '../net/sign-in.ts';
import { type ProducerIds } from '../producer-ids.ts';
import { type Timers } from '../timers.ts';
import { type Codec } from '../wire/schema.ts';

/** What handlers have of the broker. */
export interface Broker {
  readonly log: Log;
  readonly groups: Coordinator;
  readonly producerIds: ProducerIds;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly clusterId: string;
  readonly advertised: (call: Call) => { host: string; port: number };
  readonly defaultPartitions: number;
  readonly autoCreateTopics: boolean;
  /** The most record bytes one fetch answers with (one batch more if that alone is larger). */
  readonly maxFetchBytes: number;
  /** The longest a fetch is parked, so that it is asked again whether the client may. */
  readonly parkMs: number;
  readonly apis: readonly AnyApi[];
  /** Tells our log of an error that a client was answered with; a kind of it at most once in a while. */
  readonly complain: (what: string, error: unknown) => void;
}

/** One request, apart from its content. */
export interface Call {
  readonly version: number;
  readonly clientId: string;
  readonly remoteAddress: string;
  /** The address the client reached us by. */
  readonly localAddress: string;
  readonly signIn: SignIn;
  /** Why the client may not do what the request wants of that topic or group (absent: of the cluster); undefined if it may. */
  readonly denial: (resource?: string) => string | undefined;
  /** Calls the listener when the client is gone. @returns how to stop it */
  readonly onGone: (listener: () => void) => () => void;
}

export interface Api<Request, Response> {
  readonly key: number;
  readonly name: string;
  readonly versions: readonly [first: number, last: number];
  /** The first version with tagged fields (KIP-482), also in the headers; absent: none we speak. */
  readonly flexibleFrom?: number;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
  /** What a client must be allowed; the handler answers what `call.denial` says. */
  needs(request: Request): readonly Need[];
  /** May begin while earlier requests of its connection that are also `overlapping` are still under way. */
  readonly overlapping?: boolean;
  /** Nothing is answered when it gives undefined; a throw closes the connection. */
  handle(broker: Broker, request: Request, call: Call): Promise<Response | undefined> | Response;
}

export type AnyApi = Api<unknown, unknown>;

/** The one node of the cluster. */
export const nodeId = 1;

/** Ties the types of a request, its response and its handler together. */
export function defineApi<Request, Response>(api: Api<Request, Response>): AnyApi {
  return api;
}
