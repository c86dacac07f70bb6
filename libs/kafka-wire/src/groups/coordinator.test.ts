import { openLog } from '@tmws/log';
import { tempDir } from '@tmws/testkit';
import { type Timers } from '../timers.ts';
import { errorCodes } from '../wire/error-codes.ts';
import { type CommittedOffset, CommittedOffsets } from './committed-offsets.ts';
import { Coordinator } from './coordinator.ts';

/** Timers that ring when the test says what time it is. */
function manualTimers() {
  let nowMs = 0;
  const waiting = new Set<{ atMs: number; action: () => void }>();
  const timers: Timers = {
    nowMs: () => nowMs,
    after(delayMs, action) {
      const timer = { atMs: nowMs + delayMs, action };
      waiting.add(timer);
      return () => void waiting.delete(timer);
    },
  };
  const advanceTo = (ms: number): void => {
    for (;;) {
      const [next] = [...waiting].filter((timer) => timer.atMs <= ms).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      waiting.delete(next);
      nowMs = next.atMs;
      next.action();
    }
    nowMs = ms;
  };
  return { timers, advanceTo, waiting };
}

async function scene() {
  const dir = await tempDir('coordinator');
  const log = await openLog({ dir: dir.path, retentionEveryMs: 0, minFreeBytes: 0 });
  const offsets = new CommittedOffsets(await log.openMap<CommittedOffset>('offsets'));
  const clock = manualTimers();
  const coordinator = new Coordinator(offsets, clock.timers, 50);
  const join = (memberId = '', options: { twoSteps?: boolean; metadataBytes?: number } = {}) =>
    coordinator.join(
      'g',
      {
        memberId,
        clientId: 'c',
        clientHost: 'h',
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 60_000,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: Buffer.alloc(options.metadataBytes ?? 1) }],
      },
      options.twoSteps ?? false,
      () => () => undefined,
    );
  return {
    coordinator,
    clock,
    join,
    async [Symbol.asyncDispose]() {
      coordinator.close();
      await offsets.close();
      await log.close();
      await dir.remove();
    },
  };
}

test('a group whose last member fell silent is forgotten, and leaves no timer', async () => {
  await using s = await scene();
  const joined = s.join();
  s.clock.advanceTo(50);
  expect(await joined).toMatchObject({ errorCode: 0, generation: 1 });
  expect(s.coordinator.groups()).toHaveLength(1);
  s.clock.advanceTo(11_000);
  expect([s.coordinator.groups().length, s.clock.waiting.size]).toEqual([0, 0]);
});

test('a member that heartbeats stays, with one timer for the whole group', async () => {
  await using s = await scene();
  const joined = s.join();
  s.clock.advanceTo(50);
  const { memberId } = await joined;
  const assignments = new Map([[memberId, Buffer.from('all')]]);
  const synced = await s.coordinator.sync('g', { memberId, generation: 1, assignments }, () => () => undefined);
  expect(synced).toMatchObject({ errorCode: 0, assignment: Buffer.from('all') });
  for (let now = 3000; now < 100_000; now += 3000) {
    s.clock.advanceTo(now);
    expect(s.coordinator.heartbeat('g', memberId, 1)).toBe(errorCodes.none);
    expect(s.clock.waiting.size).toBe(1);
  }
});

test('an id that was given out and never used is forgotten', async () => {
  await using s = await scene();
  expect(await s.join('', { twoSteps: true })).toMatchObject({ errorCode: errorCodes.memberIdRequired });
  s.clock.advanceTo(10_000);
  expect([s.coordinator.groups().length, s.clock.waiting.size]).toEqual([0, 0]);
});

test('a group holds a thousand members and no more, and no more metadata than a megabyte of each', async () => {
  await using s = await scene();
  for (let i = 0; i < 1000; i++) await s.join('', { twoSteps: true });
  expect(await s.join('', { twoSteps: true })).toMatchObject({ errorCode: errorCodes.groupMaxSizeReached });
  s.clock.advanceTo(10_000);
  expect(await s.join('', { metadataBytes: 2_000_000 })).toMatchObject({ errorCode: errorCodes.invalidRequest });
});

test('who is in no group commits only for a group that nobody is in', async () => {
  await using s = await scene();
  expect(s.coordinator.commitFault('g', '', -1)).toBe(errorCodes.none);
  expect(s.coordinator.commitFault('g', 'm', 3)).toBe(errorCodes.illegalGeneration);
  const joined = s.join();
  s.clock.advanceTo(50);
  await joined;
  expect(s.coordinator.commitFault('g', '', -1)).toBe(errorCodes.unknownMemberId);
});
