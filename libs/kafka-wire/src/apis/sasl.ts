import { mechanisms } from '../net/sign-in.ts';
import {
  array,
  bytes,
  compactBytes,
  compactNullableString,
  flexible,
  int16,
  int64,
  nullableString,
  since,
  string,
  struct,
  tags,
} from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const saslHandshake = defineApi({
  key: 17,
  name: 'SaslHandshake',
  versions: [0, 1],
  needs: () => [],
  request: struct({ mechanism: string }),
  response: struct({ errorCode: int16, mechanisms: array(string) }),
  handle: (_broker, { mechanism }, { version, signIn }) => ({ errorCode: signIn.handshake(mechanism, version), mechanisms }),
});

const compactFrom = 2;

export const saslAuthenticate = defineApi({
  key: 36,
  name: 'SaslAuthenticate',
  versions: [0, 2],
  flexibleFrom: compactFrom,
  needs: () => [],
  request: struct({ token: flexible(compactFrom, bytes, compactBytes), tags: since(compactFrom, tags, null) }),
  response: struct({
    errorCode: int16,
    errorMessage: flexible(compactFrom, nullableString, compactNullableString),
    token: flexible(compactFrom, bytes, compactBytes),
    sessionLifetimeMs: since(1, int64, 0), // 0: nobody has to sign in again on a connection (KIP-368)
    tags: since(compactFrom, tags, null),
  }),
  async handle(_broker, { token }, { signIn, clientId, remoteAddress }) {
    const fault = await signIn.authenticate(token, { clientId, remoteAddress });
    return { ...fault, token: Buffer.alloc(0), sessionLifetimeMs: 0, tags: null };
  },
});
