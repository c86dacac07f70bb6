// A socket's stand-in for pg.Client: what the client writes goes to the worker in one message up to each Sync or Query,
// what the worker answers is read back. (PostgreSQL documentation, "Frontend/Backend Protocol", message formats.)
//
// The start-up handshake is answered here. PGlite has one session for all its life, so a new connection first ends what an
// abandoned one may have left open: its transaction and its settings.
import { Duplex } from 'node:stream';
import type { PgliteWorker } from './worker-client.ts';

const authenticationOk = [0x52, 0, 0, 0, 8, 0, 0, 0, 0];
const readyForQuery = [0x5a, 0, 0, 0, 5, 0x49];
const query = 0x51;
const sync = 0x53;
const terminate = 0x58;

export class WorkerStream extends Duplex {
  readonly #open: () => Promise<PgliteWorker>;
  #worker: PgliteWorker | undefined;
  #pending: Buffer[] = [];

  constructor(open: () => Promise<PgliteWorker>) {
    super();
    this.#open = open;
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {
    // answers are pushed as they come
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#taken(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#taken([bytes], done);
  }

  #taken(written: readonly Buffer[], done: (error?: Error | null) => void): void {
    this.#take(written).then(
      () => done(),
      (error: unknown) => done(error as Error),
    );
  }

  async #take(written: readonly Buffer[]): Promise<void> {
    if (this.#worker === undefined) {
      this.#worker = await this.#open();
      await this.#worker.exchange(simpleQuery('ROLLBACK'));
      await this.#worker.exchange(simpleQuery('DISCARD ALL'));
      this.push(Buffer.from([...authenticationOk, ...readyForQuery]));
      return;
    }
    this.#pending.push(...written);
    const last = lastMessage(written.at(-1) ?? Buffer.alloc(0));
    if (last === terminate) this.push(null);
    if (last !== query && last !== sync) return;
    const answer = await this.#worker.exchange(Buffer.concat(this.#pending.splice(0)));
    this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
  }
}

function simpleQuery(text: string): Buffer<ArrayBuffer> {
  const message = Buffer.alloc(text.length + 6);
  message.writeUInt8(query, 0);
  message.writeInt32BE(text.length + 5, 1);
  message.write(text, 5, 'latin1');
  return message;
}

/** The type of the last message in `bytes`; pg writes whole messages. */
function lastMessage(bytes: Buffer): number {
  let last = 0;
  for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readInt32BE(at + 1)) last = bytes[at] ?? 0;
  return last;
}
