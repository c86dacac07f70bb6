// Who may come in by the Kafka protocol, and what for. The broker asks; whoever opens it decides.

/** What a request wants of one thing. Without a topic or group: of the cluster. */
export interface Need {
  readonly operation: 'read' | 'write' | 'admin';
  readonly topic?: string;
  readonly group?: string;
  /** The record batches to be written, as they came: nothing about them was looked at yet. */
  readonly batches?: readonly Buffer[];
}

/** Somebody who signed in, for as long as their connection lives. */
export interface Session {
  /**
   * Why the session may not, undefined if it may. Absent: it may everything. A throw closes the connection: the credential has ended, or
   * nobody can say.
   *
   * @param api  the name of the request: `Produce`
   */
  refusal?(need: Need, api: string): Promise<string | undefined>;
}

/** What a client says with SASL/PLAIN (RFC 4616), and where it is. */
export interface SignInAttempt {
  readonly user: string;
  readonly secret: string;
  readonly clientId: string;
  readonly remoteAddress: string;
}

export interface KafkaAccess {
  /** A text refuses and is told to the client. A throw closes the connection, after which clients try again. */
  signIn(attempt: SignInAttempt): Promise<Session | string>;
  /** Told of a request `api` that came without sign-in, before its connection is closed. */
  turnedAway?(api: string, client: Omit<SignInAttempt, 'user' | 'secret'>): Promise<void>;
}

/** What a need is about: the key of its denial. */
export function resourceOf({ topic, group }: Need): string {
  return topic ?? group ?? '';
}
