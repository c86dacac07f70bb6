// An OpenID provider on loopback: its configuration, its keys, and tokens signed by them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface Provider extends AsyncDisposable {
  readonly issuer: string;
  /** How often the keys were fetched. */
  readonly fetched: () => number;
  /** From now on another key signs; the one before is gone. */
  rotate(kid: string): Promise<void>;
  token(claims: JWTPayload, kid?: string): Promise<string>;
}

export async function openProvider(): Promise<Provider> {
  let fetched = 0;
  const make = async (kid: string) => ({ kid, ...(await generateKeyPair('ES256')) });
  let key = await make('first');
  const server = createServer((request, response) => {
    void (async () => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/.well-known/openid-configuration') {
        response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
        return;
      }
      fetched++;
      response.end(JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), kid: key.kid, alg: 'ES256', use: 'sig' }] }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    fetched: () => fetched,
    async rotate(kid) {
      key = await make(kid);
    },
    token: (claims, kid = key.kid) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(key.privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
