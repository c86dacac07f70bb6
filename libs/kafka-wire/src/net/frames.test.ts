import fc from 'fast-check';
import { MalformedRequest } from '../wire/reader.ts';
import { Frames } from './frames.ts';

const frame = fc.uint8Array({ minLength: 8, maxLength: 60 }).map((bytes) => Buffer.from(bytes));

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

test('requests come out as they were sent, however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 30 })), (sent, cuts) => {
      const frames = new Frames(() => 1000);
      let rest = Buffer.concat(sent.map(withLength));
      const got: Buffer[] = [];
      for (const cut of cuts) {
        got.push(...frames.push(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      got.push(...frames.push(rest));
      expect(got.map((bytes) => bytes.toString('hex'))).toEqual(sent.map((bytes) => bytes.toString('hex')));
    }),
  );
});

test.each([-1, 0, 7, 1001, 2 ** 31 - 1])('a length of %d is no request', (length) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(length);
  expect(() => new Frames(() => 1000).push(bytes)).toThrow(MalformedRequest);
  expect(() => new Frames(() => 1000).push(bytes)).toThrow(`a request of ${length} bytes, where 8 to 1000 are possible`);
});
