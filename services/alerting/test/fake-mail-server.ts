// A mail server on a real socket (smtp-server): it keeps mails as they came, and as postal-mime reads them.
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
  readonly mail: Email;
  readonly user: string | undefined;
  readonly secure: boolean;
}

export interface FakeMailServer extends AsyncDisposable {
  readonly host: string;
  readonly received: ReceivedMail[];
  /** Commands of that kind are answered so, until another is said; undefined: as usual. */
  refuse(at: 'connect' | 'from' | 'to' | 'data', code: number | undefined, text?: string, only?: RegExp): void;
}

/** Takes any mail; with `users`, only of those who log in with such a password. */
export async function startFakeMailServer(
  options: SMTPServerOptions = {},
  users?: Readonly<Record<string, string>>,
): Promise<FakeMailServer> {
  const received: ReceivedMail[] = [];
  const refusals = new Map<string, { code: number; text: string; only: RegExp }>();
  const refusal = (at: string, what = ''): Error | undefined => {
    const found = refusals.get(at);
    if (found?.only.test(what) !== true) return undefined;
    return Object.assign(new Error(found.text), { responseCode: found.code });
  };
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: users === undefined,
    disabledCommands: users === undefined ? ['AUTH'] : [],
    logger: false,
    onConnect: (_, done) => done(refusal('connect')),
    onMailFrom: ({ address }, _, done) => done(refusal('from', address)),
    onRcptTo: ({ address }, _, done) => done(refusal('to', address)),
    onAuth: (auth, _, done) => {
      const password = users?.[auth.username ?? ''];
      const right = auth.method === 'CRAM-MD5' ? auth.validatePassword(password ?? '') : auth.password === password;
      if (password !== undefined && right) done(null, { user: `${auth.username ?? ''} by ${auth.method}` });
      else done(Object.assign(new Error('Authentication credentials invalid'), { responseCode: 535 }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const failed = refusal('data');
        if (failed !== undefined) return done(failed);
        const source = Buffer.concat(chunks).toString('utf8');
        void PostalMime.parse(source).then((mail) => {
          const { mailFrom, rcptTo } = session.envelope;
          received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            source,
            mail,
            user: typeof session.user === 'string' ? session.user : undefined,
            secure: session.secure,
          });
          done(null, `2.0.0 Ok: queued as Q${received.length}`);
        });
      });
    },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    received,
    refuse: (at, code, text = 'no', only = /^/) => {
      if (code === undefined) refusals.delete(at);
      else refusals.set(at, { code, text, only });
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
