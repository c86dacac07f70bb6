// Frames of syslog over one connection of TCP or TLS, until the receiver has read them all.
//
//   connect → write all → wait for about a round trip → close our half → the receiver closes its half without an error → read
//
// A receiver that closes with something unread resets the connection. One that was closing before our frames reached it has said so within
// the round trip, so its end comes before ours: both mean that not all was read. What a receiver read and then lost it does not tell.
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { SinkFault } from './sink-answer.ts';
import { requestFault } from './sink-http.ts';

export interface SyslogPeer {
  readonly host: string;
  readonly port: number;
  /** undefined: plain TCP. */
  readonly tls: ConnectionOptions | undefined;
}

/** A TLSSocket hands it to its stream, as node:net does; the types do not know. */
const halfOpen: object = { allowHalfOpen: true };
const leastWaitMs = 5;
const longestWaitMs = 1_000;

/** @throws SinkFault unless the receiver has read them all within the time */
export async function writeFrames({ host, port, tls }: SyslogPeer, frames: readonly Buffer[], limitMs: number): Promise<void> {
  const startMs = performance.now();
  const over = AbortSignal.timeout(limitMs);
  const socket: Socket =
    tls === undefined
      ? connectTcp({ host, port, allowHalfOpen: true })
      : connectTls({ host, port, ...halfOpen, ...serverName(host), ...tls });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const connected = Promise.withResolvers<undefined>();
  const ended = Promise.withResolvers<undefined>();
  let closingOurs = false;
  socket.once(tls === undefined ? 'connect' : 'secureConnect', () => connected.resolve(undefined));
  socket.on('error', (error) => failed.reject(requestFault(error)));
  // Syslog has no answers; what comes all the same is not kept.
  socket.resume();
  const end = (): void => {
    if (closingOurs) ended.resolve(undefined);
    else failed.reject(new SinkFault('the receiver closed the connection before all was sent', false));
  };
  socket.once('end', end);
  socket.once('close', end);
  over.addEventListener('abort', () => {
    failed.reject(new SinkFault(`the receiver has not read all within ${limitMs} ms`, false));
  });
  const orFailed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, failed.promise]);
  try {
    await orFailed(connected.promise);
    const roundTripMs = performance.now() - startMs;
    await orFailed(write(socket, Buffer.concat(frames)));
    await orFailed(sleep(Math.min(longestWaitMs, leastWaitMs + roundTripMs)));
    closingOurs = true;
    socket.end();
    await orFailed(ended.promise);
  } finally {
    socket.destroy();
  }
}

const write = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    socket.write(bytes, (error) => {
      // An error is told by the socket too.
      if (!error) resolve();
    });
  });

/** RFC 6066 section 3: a name, no address. */
const serverName = (host: string): ConnectionOptions => (/^[\d.]+$|:/.test(host) ? {} : { servername: host });
