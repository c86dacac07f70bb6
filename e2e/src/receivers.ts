// Whoever is told of alerts, on real sockets: a webhook, and a mail server that takes everything.
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Message {
  /** Stays the same when the message is sent again. */
  readonly id: string;
  readonly body: string;
  readonly atMs: number;
}

export interface Receiver extends AsyncDisposable {
  /** `http://…` or `smtp://…` */
  readonly url: string;
  /** As they came, repeats under the same id included. */
  readonly messages: readonly Message[];
}

/** Answers 200 to every POST. */
export async function openWebhook(): Promise<Receiver> {
  const messages: Message[] = [];
  const server = createHttpServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      messages.push({ id: String(request.headers['idempotency-key']), body: Buffer.concat(parts).toString(), atMs: Date.now() });
      response.end('ok');
    });
  });
  return await listening(server, 'http', messages);
}

/** Speaks as much SMTP as a mail needs (RFC 5321), without TLS and passwords. */
export async function openMailServer(): Promise<Receiver> {
  const messages: Message[] = [];
  const server = createServer((socket) => talk(socket, (message) => void messages.push(message)));
  return await listening(server, 'smtp', messages);
}

function talk(socket: Socket, took: (message: Message) => void): void {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const state = { text: '', inData: false };
  socket.on('error', () => socket.destroy());
  socket.on('data', (part: Buffer) => {
    state.text += part.toString('latin1');
    for (;;) {
      const end = state.text.indexOf(state.inData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const whole = state.text.slice(0, end);
      state.text = state.text.slice(end + (state.inData ? 5 : 2));
      if (state.inData) {
        state.inData = false;
        took({ id: /^Message-ID: (\S+)/im.exec(whole)?.[1] ?? '', body: readable(whole), atMs: Date.now() });
        say('250 2.0.0 Ok');
        continue;
      }
      const verb = whole.slice(0, 4).toUpperCase();
      state.inData = verb === 'DATA';
      say(verb === 'DATA' ? '354 go on' : verb === 'QUIT' ? '221 2.0.0 Bye' : '250 2.0.0 Ok');
      if (verb === 'QUIT') socket.end();
    }
  });
  say('220 mail.test ESMTP');
}

/** Without the dots that SMTP doubles and the line ends that quoted-printable adds. */
const readable = (mail: string): string => mail.replaceAll('\r\n..', '\r\n.').replaceAll('=\r\n', '');

async function listening(server: Server, protocol: string, messages: Message[]): Promise<Receiver> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
