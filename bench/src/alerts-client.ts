// A client of Alertmanager's API with as little of its own as can be: kept connections, each with one request under way.
import { connect } from 'node:net';

export interface AlertsClient {
  /** Posts a body when a connection is free. @throws Error unless it is answered with 200 */
  post(body: Buffer): Promise<void>;
  close(): void;
}

const alertnames = 20;

/** Alerts that fire, one for each number, each a label set of its own; of a prefix there are twenty names. */
export const alertsBody = (prefix: string, numbers: readonly number[]): Buffer =>
  Buffer.from(
    JSON.stringify(
      numbers.map((n) => ({
        labels: {
          alertname: `${prefix}-${n % alertnames}`,
          instance: instanceOf(prefix, n),
          job: 'bench',
          team: 'storage',
          env: 'prod',
          region: 'eu-1',
        },
        annotations: { summary: `${instanceOf(prefix, n)} does not answer`, runbook: 'https://runbooks.test/does-not-answer' },
        generatorURL: 'http://prometheus.test/graph?g0.expr=up+%3D%3D+0',
      })),
    ),
  );

export const instanceOf = (prefix: string, n: number): string => `${prefix}-${n}`;

/** Opens so many connections; one that the server closed meanwhile is opened again. */
export async function openAlertsClient(url: string, connections: number): Promise<AlertsClient> {
  const { hostname, port, host } = new URL(url);
  const open = (): Promise<Connection> => openConnection(hostname, Number(port));
  const free = await Promise.all(Array.from({ length: connections }, open));
  const waiting: ((connection: Connection) => void)[] = [];
  const release = (connection: Connection): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  };
  return {
    async post(body) {
      const given = free.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
      const connection = given.usable() ? given : await open();
      const head = `POST /api/v2/alerts HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      const answer = await connection.ask(Buffer.concat([Buffer.from(head), body]));
      release(connection);
      if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(`${url} did not take alerts: ${answer.slice(0, 500)}`);
    },
    close: () => free.forEach(({ close }) => close()),
  };
}

interface Connection {
  /** Nothing came unasked, and it is open. */
  usable(): boolean;
  ask(request: Buffer): Promise<string>;
  close(): void;
}

async function openConnection(host: string, port: number): Promise<Connection> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let under: PromiseWithResolvers<string> | undefined;
  let text = '';
  const fail = (error?: Error): void => under?.reject(error ?? new Error('the connection was closed before an answer'));
  socket.on('error', fail).on('close', () => fail());
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
    const end = text.indexOf('\r\n\r\n');
    if (end === -1 || under === undefined) return;
    const length = Number(/content-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
    if (text.length < end + 4 + length) return;
    const answered = under;
    const answer = text;
    [under, text] = [undefined, ''];
    answered.resolve(answer);
  });
  return {
    usable: () => socket.readyState === 'open' && text === '',
    ask(request) {
      under = Promise.withResolvers();
      socket.write(request);
      return under.promise;
    },
    close: () => socket.destroy(),
  };
}
