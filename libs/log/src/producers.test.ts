import { buildBatch } from './batch-builder.ts';
import { Producers } from './producers.ts';
import { type BatchHeader, readBatchHeader } from './record-batch.ts';

function batch(baseSequence: number, { count = 1, producerEpoch = 0, producerId = 9 } = {}): BatchHeader {
  const records = Array.from({ length: count }, () => ({ value: 'x' }));
  return readBatchHeader(buildBatch(records, { producerId, producerEpoch, baseSequence }));
}

function after(...batches: BatchHeader[]): Producers {
  const producers = new Producers();
  let offset = 100;
  for (const one of batches) {
    expect(producers.check(one)).toBeUndefined();
    producers.note(one, offset);
    offset += one.recordCount;
  }
  producers.keep();
  return producers;
}

test('P1: one of the last five batches sent again is a duplicate with its old offsets, an older one is only known', () => {
  const producers = after(...[0, 3, 6, 9, 12, 15].map((sequence) => batch(sequence, { count: 3 })));
  expect(producers.check(batch(3, { count: 3 }))).toMatchObject({ baseOffset: 103, lastOffset: 105 });
  expect(producers.check(batch(15, { count: 3 }))).toMatchObject({ baseOffset: 115, lastOffset: 117 });
  expect(() => producers.check(batch(0, { count: 3 }))).toThrow('producer 9 repeats sequence 0; the next one is 18.');
});

test('P2: a gap is noticed, and sequences wrap after 2^31 - 1', () => {
  expect(() => after(batch(0)).check(batch(2))).toThrow('producer 9 sent sequence 2; the next one is 1.');
  const wrapped = after(batch(2 ** 31 - 2, { count: 3 }));
  expect(wrapped.check(batch(1))).toBeUndefined();
  expect(wrapped.check(batch(2 ** 31 - 2, { count: 3 }))).toMatchObject({ baseOffset: 100 });
  expect(() => wrapped.check(batch(2))).toThrow('sent sequence 2; the next one is 1');
});

test('P3: an old epoch is refused, a new one starts at 0', () => {
  const producers = after(batch(0, { producerEpoch: 3 }));
  expect(() => producers.check(batch(1, { producerEpoch: 2 }))).toThrow('epoch 2, the last one is 3: another instance took over');
  expect(() => producers.check(batch(1, { producerEpoch: 4 }))).toThrow('starts epoch 4 at sequence 1, not 0');
  expect(producers.check(batch(0, { producerEpoch: 4 }))).toBeUndefined();
});

test('P4: an unknown producer may start anywhere, and one without an id is never looked at', () => {
  expect(new Producers().check(batch(77))).toBeUndefined();
  expect(after(batch(5, { producerId: -1 })).check(batch(5, { producerId: -1 }))).toBeUndefined();
});

test('P5: who was silent longest is forgotten first', () => {
  const producers = new Producers([], 2);
  for (const producerId of [1, 2, 1, 3]) {
    producers.note(batch(0, { producerId }), 0);
    producers.keep();
  }
  expect(producers.snapshot().map(([id]) => id)).toEqual([1, 3]);
});

test('what was noted for a round that failed is taken back', () => {
  const producers = after(batch(0));
  producers.note(batch(1), 101);
  producers.note(batch(2), 102);
  producers.drop();
  expect(producers.check(batch(1))).toBeUndefined();
});
