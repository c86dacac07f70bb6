// One client's connection. Requests are answered in the order they came. One begins when all before it are answered; produce requests
// also begin while produce requests before them are under way, so that they share a commit. Nothing more is read from the socket
// while too much is waiting or the client does not take its answers.
import { type Socket } from 'node:net';
import { type Broker, type Call } from '../apis/api.ts';
import { type KafkaAccess, resourceOf } from '../access.ts';
import { Frames } from './frames.ts';
import { encodeResponse, parseRequest, type ParsedRequest } from './requests.ts';
import { SignIn } from './sign-in.ts';

export interface ConnectionLimits {
  readonly maxRequestBytes: number;
  /** Reading stops while so many requests of the connection, or so many bytes of them, wait for their answer. */
  readonly maxWaitingRequests: number;
  readonly maxWaitingBytes: number;
  readonly idleMs: number;
}

/** Before sign-in nothing is longer, and it does not take longer. */
const maxTokenBytes = 64 * 1024;
const signInMs = 30_000;

/** How long a client may take for its last answers when the broker closes. */
const lastWordsMs = 1000;

export class Connection {
  readonly #socket: Socket;
  readonly #broker: Broker;
  readonly #limits: ConnectionLimits;
  readonly #frames: Frames;
  readonly #onGone = new Set<() => void>();
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Produce requests under way; their answers go out in order. */
  #underWay: Promise<void> = Promise.resolve();
  #underWayCount = 0;
  #running: Promise<void> | undefined;
  #closing = false;
  readonly #signIn: SignIn;

  constructor(socket: Socket, broker: Broker, limits: ConnectionLimits, access: KafkaAccess | undefined) {
    this.#socket = socket;
    this.#broker = broker;
    this.#limits = limits;
    this.#signIn = new SignIn(access);
    this.#frames = new Frames(() => (this.#signIn.done ? limits.maxRequestBytes : maxTokenBytes));
    const cancel = broker.timers.after(signInMs, () => {
      if (!this.#signIn.done) this.#refuse(new Error(`no sign-in within ${signInMs / 1000} s`));
    });
    socket.once('close', cancel);
    socket.setNoDelay(true);
    socket.setTimeout(limits.idleMs, () => socket.destroy());
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => this.#gone());
  }

  /** Takes no more requests, drops what is parked, answers what is being made durable, and closes. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#waiting.length = 0;
    this.#gone();
    await this.#running;
    await this.#underWay;
    this.#socket.destroySoon();
    this.#broker.timers.after(lastWordsMs, () => this.#socket.destroy());
  }

  #receive(chunk: Buffer): void {
    if (this.#closing) return;
    try {
      for (const frame of this.#frames.push(chunk)) {
        this.#waiting.push(frame);
        this.#waitingBytes += frame.length;
      }
    } catch (error) {
      return this.#refuse(error);
    }
    this.#throttle();
    if (this.#waiting.length === 0) return;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    try {
      for (let frame = this.#waiting.shift(); frame !== undefined; frame = this.#waiting.shift()) {
        if (this.#signIn.expectsRawToken) await this.#takeToken(frame);
        else await this.#serve(parseRequest(frame, this.#broker.apis), frame.length);
        if (this.#signIn.over) return this.#end();
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** The last answer goes out, and nothing more is taken. */
  #end(): void {
    this.#closing = true;
    this.#socket.destroySoon();
  }

  /** The token that follows version 0 of the handshake; its answer is empty (KIP-43). */
  async #takeToken(token: Buffer): Promise<void> {
    const { remoteAddress = '' } = this.#socket;
    const { errorMessage } = await this.#signIn.authenticate(token, { clientId: '', remoteAddress });
    if (errorMessage !== null) throw new Error(errorMessage);
    this.#waitingBytes -= token.length;
    await this.#send([Buffer.alloc(4)]);
  }

  /** Resolves when the next request may begin. */
  async #serve(request: ParsedRequest, sizeBytes: number): Promise<void> {
    const { remoteAddress = '' } = this.#socket;
    await this.#signIn.checkTurn(request.api.name, { clientId: request.header.clientId ?? '', remoteAddress });
    if (request.api.overlapping !== true) await this.#underWay;
    // Asked one after the other, so that what is appended stays in order.
    const denials = await this.#denials(request);
    const before = this.#underWay;
    const answered = this.#handle(request, denials);
    this.#underWayCount++;
    this.#underWay = Promise.allSettled([answered, before]).then(async ([result]) => {
      this.#underWayCount--;
      this.#waitingBytes -= sizeBytes;
      if (result.status === 'rejected') return this.#refuse(result.reason);
      if (result.value !== undefined) await this.#send(result.value);
      this.#throttle();
    });
    if (request.api.overlapping !== true || this.#underWayCount >= this.#limits.maxWaitingRequests) await this.#underWay;
  }

  async #denials({ api, body }: ParsedRequest): Promise<ReadonlyMap<string, string>> {
    const { session } = this.#signIn;
    const denials = new Map<string, string>();
    if (session.refusal === undefined) return denials;
    for (const need of api.needs(body)) {
      const reason = await session.refusal(need, api.name);
      if (reason !== undefined) denials.set(resourceOf(need), reason);
    }
    return denials;
  }

  async #handle({ api, header, body }: ParsedRequest, denials: ReadonlyMap<string, string>): Promise<Buffer[] | undefined> {
    const call: Call = {
      version: header.version,
      clientId: header.clientId ?? '',
      remoteAddress: this.#socket.remoteAddress ?? '',
      localAddress: this.#socket.localAddress ?? '',
      signIn: this.#signIn,
      denial: (resource = '') => denials.get(resource),
      onGone: (listener) => {
        if (this.#closing || this.#socket.destroyed) queueMicrotask(listener);
        this.#onGone.add(listener);
        return () => void this.#onGone.delete(listener);
      },
    };
    const response: unknown = await api.handle(this.#broker, body, call);
    return response === undefined ? undefined : encodeResponse(api, header, response);
  }

  async #send(chunks: readonly Buffer[]): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
    if (this.#socket.writableNeedDrain && !this.#closing) await this.#drained();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done);
        this.#onGone.delete(done);
        resolve();
      };
      this.#socket.on('drain', done);
      this.#onGone.add(done);
    });
  }

  #throttle(): void {
    const { maxWaitingRequests, maxWaitingBytes } = this.#limits;
    const full = this.#waiting.length + this.#underWayCount >= maxWaitingRequests || this.#waitingBytes >= maxWaitingBytes;
    if (full) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #refuse(error: unknown): void {
    this.#waiting.length = 0;
    if (this.#socket.destroyed) return;
    const message = Error.isError(error) ? error.message : String(error);
    const client = `${this.#socket.remoteAddress ?? '?'}:${String(this.#socket.remotePort)}`;
    this.#broker.logger.warn({ client, reason: message }, `closed the Kafka connection of ${client}: ${message}`);
    this.#socket.destroy();
  }

  #gone(): void {
    this.#waiting.length = 0;
    const listeners = [...this.#onGone];
    this.#onGone.clear();
    for (const listener of listeners) listener();
  }
}
