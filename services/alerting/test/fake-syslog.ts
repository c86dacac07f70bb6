// A receiver of syslog on a real socket: frames by octet counting, messages by RFC 5424. What is neither ends the test with an error.
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate } from '@tmws/testkit';
import { type ReadSyslog, readSyslog } from './read-syslog.ts';

/**
 * `reset`: the connection is reset once something was read. `shut`: it is closed before anything is read. `unread`: it is closed with something
 * unread. `open`: all is read, and our half stays open. `slow`: it is read in small pieces.
 */
export type SyslogTrouble = 'reset' | 'shut' | 'unread' | 'open' | 'slow';

export interface FakeSyslog extends AsyncDisposable {
  readonly port: number;
  /** Of connections that were read to their end. */
  readonly received: ReadSyslog[];
  /** What happens to the connections that come next, in turn. */
  next(...troubles: SyslogTrouble[]): void;
}

export async function startFakeSyslog(certificate?: Certificate): Promise<FakeSyslog> {
  const received: ReadSyslog[] = [];
  const violations: string[] = [];
  const troubles: SyslogTrouble[] = [];
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    socket.on('error', () => undefined);
    const trouble = troubles.shift();
    if (trouble === 'shut') return void socket.end();
    if (trouble === 'unread') return void socket.once('readable', () => setImmediate(() => socket.destroy()));
    if (trouble === 'reset') return void socket.once('data', () => socket.resetAndDestroy());
    void read(socket, trouble === 'slow').then((bytes) => {
      for (const message of messagesIn(bytes)) received.push(message);
      if (trouble !== 'open') socket.end();
    }, (error: unknown) => violations.push(String(error))); // prettier-ignore
  };
  const messagesIn = (bytes: Buffer): ReadSyslog[] => {
    try {
      return framesIn(bytes).map(readSyslog);
    } catch (error) {
      violations.push(String(error));
      return [];
    }
  };
  const options = { allowHalfOpen: true };
  const server: Server =
    certificate === undefined ? createServer(options, take) : createTlsServer({ ...options, ...certificate }, take);
  // Those too whose handshake fails.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    next: (...some) => troubles.push(...some),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      if (violations.length > 0) throw new Error(`no receiver of syslog would have taken: ${violations.join('; ')}`);
    },
  };
}

async function read(socket: Socket, slowly: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (slowly) await sleep(2);
  }
  return Buffer.concat(chunks);
}

/** MSG-LEN SP SYSLOG-MSG, one after the other. */
function framesIn(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const [prefix, length] = /^([1-9]\d*) /.exec(bytes.subarray(at, at + 12).toString('latin1')) ?? [];
    if (prefix === undefined || at + prefix.length + Number(length) > bytes.length) throw new Error(`no frame at octet ${at}`);
    const begin = at + prefix.length;
    at = begin + Number(length);
    frames.push(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(begin, at)));
  }
  return frames;
}
