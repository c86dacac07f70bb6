import { type Database, loadOffsets, migrate, moveOffsets, type Offset } from '../src/index.ts';
import { keptLog, newSchema, type OpenedDatabase } from './fixture.ts';

type Move = Offset & { from: bigint | undefined };

/** Stored offsets: they move only from where the mover believes them to be. */
export function offsetsContract(open: () => Promise<OpenedDatabase>): void {
  let opened: OpenedDatabase;
  let db: Database;
  const schema = newSchema();

  beforeAll(async () => {
    opened = await open();
    ({ db } = opened);
    await migrate(db, { schema, dir: import.meta.dirname, contract: true, logger: keptLog().logger });
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(() => db.query(`TRUNCATE ${schema}.offsets`));

  const move = (...moves: Move[]): Promise<void> => db.transaction((tx) => moveOffsets(tx, schema, 'c', moves));
  const at = (partition: number, from: bigint | undefined, next: bigint): Move => ({ topic: 't', partition, from, next });
  const stored = async (consumer = 'c'): Promise<string[]> =>
    (await loadOffsets(db, schema, consumer)).map(({ topic, partition, next }) => `${topic}/${partition}@${next}`).sort();
  const stale = { kind: 'stale', message: 'another consumer of group c has moved on; this one reads its offsets again' };

  test('a partition that was never read has no offset, and gets one', async () => {
    expect(await stored()).toEqual([]);
    await move(at(0, undefined, 5n), at(1, undefined, 9_007_199_254_740_993n));
    expect(await stored()).toEqual(['t/0@5', 't/1@9007199254740993']);
  });

  test('offsets move on from where they are, also back', async () => {
    await move(at(0, undefined, 5n), at(1, undefined, 1n));
    await move(at(0, 5n, 8n), at(1, 1n, 2n), at(2, undefined, 3n));
    expect(await stored()).toEqual(['t/0@8', 't/1@2', 't/2@3']);
    await move(at(0, 8n, 2n));
    expect(await stored()).toEqual(['t/0@2', 't/1@2', 't/2@3']);
  });

  test.each([
    ['believes an offset somebody has moved', at(0, 4n, 6n)],
    ['believes the partition was never read', at(0, undefined, 6n)],
    ['moves a partition whose offset was taken away', at(7, 5n, 6n)],
  ])('who %s is stale, and nothing of the move stays', async (_who, wrong) => {
    await move(at(0, undefined, 5n), at(1, undefined, 1n));
    await expect(move(at(1, 1n, 2n), wrong)).rejects.toMatchObject(stale);
    expect(await stored()).toEqual(['t/0@5', 't/1@1']);
  });

  test('of two that move the same partition at once, one wins and the other is stale', async () => {
    await move(at(0, undefined, 5n));
    const settled = await Promise.allSettled([move(at(0, 5n, 6n)), move(at(0, 5n, 7n)), move(at(0, 5n, 8n))]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    const first = await Promise.allSettled([move(at(1, undefined, 6n)), move(at(1, undefined, 7n))]);
    expect(first.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('consumers do not see each other', async () => {
    await move(at(0, undefined, 5n));
    await db.transaction((tx) => moveOffsets(tx, schema, 'other', [at(0, undefined, 1n)]));
    expect([await stored(), await stored('other'), await stored('third')]).toEqual([['t/0@5'], ['t/0@1'], []]);
  });
}
