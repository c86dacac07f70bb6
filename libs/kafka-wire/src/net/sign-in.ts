// How a connection comes to its session: ApiVersions at any time, then SaslHandshake, then one token. Version 0 of the handshake is followed
// by the token as it is, later ones by SaslAuthenticate. Whatever else comes before sign-in closes the connection, as Kafka does.
//
//   handshake ──▶ token ──▶ in
//       └──────────┴──────▶ over     (refused: answered, then closed)
import { type KafkaAccess, type Session } from '../access.ts';
import { errorCodes, type Fault, noFault } from '../wire/error-codes.ts';
import { MalformedRequest } from '../wire/reader.ts';

export const mechanisms: readonly string[] = ['PLAIN'];

interface Client {
  readonly clientId: string;
  readonly remoteAddress: string;
}

export class SignIn {
  readonly #access: KafkaAccess | undefined;
  #state: 'handshake' | 'raw token' | 'token' | 'in' | 'over';
  #session: Session = {};

  constructor(access: KafkaAccess | undefined) {
    this.#access = access;
    this.#state = access === undefined ? 'in' : 'handshake';
  }

  get done(): boolean {
    return this.#state === 'in';
  }

  /** Refused: nothing more is taken. */
  get over(): boolean {
    return this.#state === 'over';
  }

  /** The next frame is no request but the token. */
  get expectsRawToken(): boolean {
    return this.#state === 'raw token';
  }

  get session(): Session {
    return this.#session;
  }

  /** @throws MalformedRequest for a request that comes too early, once that was told */
  async checkTurn(apiName: string, client: Client): Promise<void> {
    const early = apiName === 'ApiVersions' || apiName === 'SaslHandshake' || apiName === 'SaslAuthenticate';
    if (this.done || early) return;
    await this.#access?.turnedAway?.(apiName, client);
    throw new MalformedRequest(`${apiName} before sign-in; this listener needs SASL/PLAIN with an API key as password`);
  }

  handshake(mechanism: string, version: number): Fault['errorCode'] {
    if (this.#state !== 'handshake') return errorCodes.illegalSaslState;
    const known = mechanisms.includes(mechanism);
    this.#state = known ? (version === 0 ? 'raw token' : 'token') : 'over';
    return known ? errorCodes.none : errorCodes.unsupportedSaslMechanism;
  }

  async authenticate(token: Buffer, client: Client): Promise<Fault> {
    if (this.#access === undefined || (this.#state !== 'token' && this.#state !== 'raw token')) {
      return { errorCode: errorCodes.illegalSaslState, errorMessage: 'This is not the time to sign in.' };
    }
    this.#state = 'over';
    const [identity, user, secret, ...more] = token.toString('utf8').split('\0');
    if (identity === undefined || user === undefined || !secret || more.length > 0 || (identity !== '' && identity !== user)) {
      return refused('The token is none of SASL/PLAIN: user and password, both without NUL.');
    }
    const answer = await this.#access.signIn({ user, secret, ...client });
    if (typeof answer === 'string') return refused(answer);
    this.#session = answer;
    this.#state = 'in';
    return noFault;
  }
}

const refused = (errorMessage: string): Fault => ({ errorCode: errorCodes.saslAuthenticationFailed, errorMessage });
