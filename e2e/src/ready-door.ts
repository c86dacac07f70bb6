// A Service of Kubernetes in small: new connections go in turn to the replicas that say they are ready, those there are stay where they are.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Replica {
  /** Of its admin listener. */
  readonly admin: number;
}

export interface Doors extends AsyncDisposable {
  /** Opens a door before these ports, one a replica. @returns `127.0.0.1:port` */
  before(ports: readonly number[]): Promise<string>;
}

const lookEveryMs = 50;

/** Looks at the replicas as a kubelet does, and opens doors before them. */
export function openDoors(replicas: readonly Replica[]): Doors {
  const ready = replicas.map(() => true);
  const closing = new AbortController();
  const sockets = new Set<Socket>();
  const look = async ({ admin }: Replica, i: number): Promise<void> => {
    while (!closing.signal.aborted) {
      const answer = await fetch(`http://127.0.0.1:${admin}/readyz`, { signal: AbortSignal.timeout(1000) }).catch(
        () => undefined,
      );
      await answer?.body?.cancel();
      ready[i] = answer?.status === 200;
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  };
  const looking = Promise.all(replicas.map(look));
  const servers: ReturnType<typeof createServer>[] = [];
  return {
    async before(ports) {
      let turn = 0;
      const server = createServer((socket) => {
        const open = ports.filter((_port, i) => ready[i] === true);
        const to = connect(open[turn++ % open.length] ?? ports[0] ?? 0, '127.0.0.1');
        for (const [one, other] of [
          [socket, to],
          [to, socket],
        ] as const) {
          sockets.add(one);
          one.setNoDelay(true);
          one.on('error', () => other.destroy());
          one.on('close', () => sockets.delete(one));
          one.pipe(other);
        }
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await looking;
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}
