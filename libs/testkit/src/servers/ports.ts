import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that nobody listens on, from 15000 to 29999.
 *
 * Not from the range the system gives outgoing connections (32768 and up on Linux): while a server is down, a client that
 * keeps trying its port could be given that very port as its own, connect to itself, and keep the server from coming back.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(15_000, 30_000);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port found among 100 tried from 15000 to 29999 of 127.0.0.1');
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
