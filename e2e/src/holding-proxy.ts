// A wire to a receiver that can be told to swallow answers: what was sent is taken, and its sender never hears of it.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface HoldingProxy extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** From then on a connection on which this was said hears nothing more, until `letGo`. */
  hold(said: RegExp): void;
  /** Connections that wait in vain. */
  readonly held: number;
  /** Breaks them off, and holds no more. */
  letGo(): void;
}

/** @param to  `host:port` */
export async function openHoldingProxy(to: string): Promise<HoldingProxy> {
  const { hostname, port } = new URL(`tcp://${to}`);
  const held = new Set<Socket>();
  const open = new Set<Socket>();
  const state: { holding: RegExp | undefined } = { holding: undefined };
  const server = createServer((client) => {
    const target = connect(Number(port), hostname);
    const over = (): void => {
      for (const socket of [client, target]) open.delete(socket.destroy());
      held.delete(client);
    };
    // That the receiver closes after its answer is a part of the answer.
    const overUnlessHeld = (): void => (held.has(client) ? undefined : over());
    for (const socket of [client, target]) open.add(socket);
    client.on('error', over).on('close', over);
    target.on('error', overUnlessHeld).on('close', overUnlessHeld);
    client.on('data', (part: Buffer) => {
      if (state.holding?.test(part.toString('latin1')) === true) held.add(client);
      target.write(part);
    });
    target.on('data', (part: Buffer) => {
      if (!held.has(client)) client.write(part);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (said) => void (state.holding = said),
    get held() {
      return held.size;
    },
    letGo() {
      state.holding = undefined;
      for (const socket of held) socket.destroy();
      held.clear();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
