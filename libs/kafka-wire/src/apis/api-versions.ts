import { errorCodes } from '../wire/error-codes.ts';
import { array, type Codec, int16, int32, since, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

const range = struct({ key: int16, first: int16, last: int16 });
const plain = struct({ errorCode: int16, apis: array(range), throttleTimeMs: since(1, int32, 0) });

type Answer = ReturnType<typeof plain.read>;

/** Version 3 is flexible: compact array, tagged fields. (Its response header is not, KIP-511.) */
const answer: Codec<Answer> = {
  read: (from, version) => plain.read(from, version),
  write(to, value, version) {
    if (version < 3) return plain.write(to, value, version);
    to.int16(value.errorCode);
    to.uvarint(value.apis.length + 1);
    for (const api of value.apis) {
      range.write(to, api, version);
      to.uvarint(0);
    }
    to.int32(value.throttleTimeMs);
    to.uvarint(0);
  },
};

/** The request's content (a client's name and version, from version 3) is nothing to us. */
export const apiVersions = defineApi({
  key: 18,
  name: 'ApiVersions',
  versions: [0, 3],
  needs: () => [],
  request: struct({}),
  response: answer,
  handle: (broker) => ({
    errorCode: errorCodes.none,
    apis: broker.apis.map(({ key, versions: [first, last] }) => ({ key, first, last })),
    throttleTimeMs: 0,
  }),
});

/** What a client gets that asks in a version we do not know: in version 0, with the versions we do (KIP-511). */
export const unknownApiVersions = {
  errorCode: errorCodes.unsupportedVersion,
  apis: [{ key: 18, first: 0, last: 3 }],
  throttleTimeMs: 0,
};
