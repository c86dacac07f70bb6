// A socket's stand-in for pg.Client: what the client writes goes to the worker in one message up to each Sync or Query,
// what the worker answers is read back. The start-up handshake is answered here, the session needs none.
// (PostgreSQL documentation, "Frontend/Backend Protocol", message formats.)
import { Duplex } from 'node:stream';
import type { PgliteWorker } from './worker-client.ts';

const authenticationOk = [0x52, 0, 0, 0, 8, 0, 0, 0, 0];
const readyForQuery = [0x5a, 0, 0, 0, 5, 0x49];
const query = 0x51;
const sync = 0x53;
const terminate = 0x58;
const copyDone = 0x63;

export class WorkerStream extends Duplex {
  readonly #worker: PgliteWorker;
  #pending: Buffer[] = [];
  #started = false;

  constructor(worker: PgliteWorker) {
    super();
    this.#worker = worker;
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
    this.#take(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#take(chunk, done);
  }

  #take(bytes: Buffer, done: (error?: Error | null) => void): void {
    if (!this.#started) {
      this.#started = true;
      this.push(Buffer.from([...authenticationOk, ...readyForQuery]));
      done();
      return;
    }
    if (bytes[0] === terminate) {
      this.push(null);
      done();
      return;
    }
    this.#pending.push(bytes);
    if (!endsExchange(bytes)) {
      done();
      return;
    }
    const messages = Buffer.concat(this.#pending.splice(0));
    this.#worker.exchange(messages).then(
      (answer) => {
        this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
        done();
      },
      (error: unknown) => done(error as Error),
    );
  }
}

/** Whether the last whole message in `bytes` is one the backend answers with ReadyForQuery. */
function endsExchange(bytes: Buffer): boolean {
  let last = 0;
  for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readInt32BE(at + 1)) last = bytes[at] ?? 0;
  return last === query || last === sync || last === copyDone;
}
