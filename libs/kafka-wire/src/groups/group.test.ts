import { errorCodes } from '../wire/error-codes.ts';
import { Group } from './group.ts';
import { type JoinRequest, type JoinResult, type SyncResult } from './membership.ts';

const session = 10_000;
const rebalance = 30_000;

function request(memberId: string, { protocols = ['range'], protocolType = 'consumer', metadata = 'm' } = {}): JoinRequest {
  return {
    memberId,
    clientId: 'c',
    clientHost: 'h',
    sessionTimeoutMs: session,
    rebalanceTimeoutMs: rebalance,
    protocolType,
    protocols: protocols.map((name) => ({ name, metadata: Buffer.from(metadata) })),
  };
}

/** A group with its clock, and what its members were answered. */
function scene() {
  const group = new Group('g', 0);
  const state = { now: 0 };
  const joins: JoinResult[] = [];
  const syncs: (SyncResult & { memberId: string })[] = [];
  const join = (memberId: string, options = {}, isNewId = true): void =>
    group.join(request(memberId, options), isNewId, state.now, (result) => joins.push(result));
  const sync = (memberId: string, assignments: Record<string, string> = {}, generation = group.generation): void =>
    group.sync(
      { memberId, generation, assignments: new Map(Object.entries(assignments).map(([id, text]) => [id, Buffer.from(text)])) },
      state.now,
      (result) => syncs.push({ ...result, memberId }),
    );
  const at = (nowMs: number): void => {
    state.now = nowMs;
    group.tick(nowMs);
  };
  return { group, joins, syncs, join, sync, at, state };
}

function stable(...ids: string[]) {
  const s = scene();
  const [leader = ''] = ids;
  s.join(leader);
  for (const id of ids.slice(1)) s.join(id);
  if (ids.length > 1) s.join(leader, {}, false);
  for (const id of ids) s.sync(id, Object.fromEntries(ids.map((one) => [one, `for ${one}`])));
  expect(s.group.state).toBe('Stable');
  s.joins.length = 0;
  s.syncs.length = 0;
  return s;
}

test("the first member leads, gets everyone's metadata, and its assignment reaches all", () => {
  const s = scene();
  s.join('a');
  expect(s.joins).toMatchObject([{ errorCode: 0, generation: 1, leader: 'a', protocol: 'range', members: [{ memberId: 'a' }] }]);
  s.join('b');
  expect(s.group.state).toBe('PreparingRebalance');
  s.join('a', {}, false);
  expect(s.joins.slice(1)).toMatchObject([
    { memberId: 'a', generation: 2, leader: 'a', members: [{ memberId: 'a' }, { memberId: 'b' }] },
    { memberId: 'b', generation: 2, leader: 'a', members: [] },
  ]);
  s.sync('b');
  expect(s.syncs).toEqual([]);
  s.sync('a', { a: '1', b: '2' });
  expect(s.syncs.map(({ memberId, assignment }) => [memberId, assignment.toString()])).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
  expect(s.group.state).toBe('Stable');
});

test('G1: who is not of the current generation is told so', () => {
  const { group, syncs, sync } = stable('a', 'b');
  expect(group.heartbeat('a', group.generation, 1)).toBe(errorCodes.none);
  expect(group.heartbeat('a', group.generation - 1, 1)).toBe(errorCodes.illegalGeneration);
  expect(group.heartbeat('x', group.generation, 1)).toBe(errorCodes.unknownMemberId);
  sync('x');
  sync('a', {}, 1);
  expect(syncs.map((result) => result.errorCode)).toEqual([errorCodes.unknownMemberId, errorCodes.illegalGeneration]);
});

test('G2: a rebalance waits for the members there are, and goes on without who does not come', () => {
  const s = stable('a', 'b');
  s.join('c');
  expect(s.joins).toEqual([]);
  expect(s.group.heartbeat('a', s.group.generation, 1)).toBe(errorCodes.rebalanceInProgress);
  s.join('a', {}, false);
  for (let now = 5000; now < rebalance; now += 5000) {
    s.state.now = now;
    s.group.heartbeat('b', s.group.generation, now);
    s.at(now);
  }
  expect(s.joins).toEqual([]);
  s.at(rebalance);
  expect(s.joins.map((result) => [result.memberId, result.members.length])).toEqual([
    ['a', 2],
    ['c', 0],
  ]);
  expect([...s.group.members.keys()]).toEqual(['a', 'c']);
});

test('G3: a silent member is removed, and the others are told to join again', () => {
  const s = stable('a', 'b');
  s.group.heartbeat('a', s.group.generation, 5000);
  expect(s.group.dueMs()).toBe(session);
  s.at(session);
  expect([...s.group.members.keys()]).toEqual(['a']);
  expect(s.group.heartbeat('a', s.group.generation, session)).toBe(errorCodes.rebalanceInProgress);
  s.join('a', {}, false);
  expect(s.joins).toMatchObject([{ memberId: 'a', errorCode: 0, members: [{ memberId: 'a' }] }]);
});

test('G3: a member whose join is parked is not silent, unless its client is gone', () => {
  const s = scene();
  s.join('a');
  s.sync('a', { a: '1' });
  const reply = (): void => undefined;
  s.group.join(request('b'), true, 0, reply);
  s.group.heartbeat('a', 1, session - 1);
  s.at(session);
  expect([...s.group.members.keys()]).toEqual(['a', 'b']);
  s.group.abandon('b', reply, session);
  s.group.heartbeat('a', 1, 2 * session - 1);
  s.at(2 * session);
  expect([...s.group.members.keys()]).toEqual(['a']);
});

test('G4: a member that shares no protocol is refused, and the protocol most members prefer is used', () => {
  const s = scene();
  s.join('a', { protocols: ['sticky', 'range', 'roundrobin'] });
  s.join('x', { protocols: ['other'] });
  s.join('y', { protocolType: 'connect' });
  s.join('z', { protocols: [] });
  expect(s.joins.slice(1).map((result) => result.errorCode)).toEqual([23, 23, 23]);
  s.join('b', { protocols: ['roundrobin', 'range'] });
  s.join('c', { protocols: ['roundrobin', 'range'] });
  s.join('a', { protocols: ['sticky', 'range', 'roundrobin'] }, false);
  expect(s.joins.at(-1)?.protocol).toBe('roundrobin');
});

test('G5: syncs that are parked when a rebalance begins are answered with it', () => {
  const s = scene();
  s.join('a');
  s.join('b');
  s.join('a', {}, false);
  s.sync('b');
  s.join('c');
  expect(s.syncs).toMatchObject([{ memberId: 'b', errorCode: errorCodes.rebalanceInProgress }]);
});

test('a member that leaves is gone at once, the last one leaves an empty group', () => {
  const s = stable('a', 'b');
  expect(s.group.leave('b', 1)).toBe(errorCodes.none);
  expect(s.group.leave('b', 1)).toBe(errorCodes.unknownMemberId);
  expect(s.group.state).toBe('PreparingRebalance');
  s.group.leave('a', 1);
  expect([s.group.state, s.group.dueMs()]).toEqual(['Empty', undefined]);
  s.join('c');
  expect(s.joins.at(-1)).toMatchObject({ errorCode: 0, leader: 'c' });
});

test('a follower that joins again unchanged is answered at once; changed, or the leader, it starts a rebalance', () => {
  const s = stable('a', 'b');
  s.join('b', {}, false);
  expect(s.joins).toMatchObject([{ memberId: 'b', generation: s.group.generation }]);
  expect(s.group.state).toBe('Stable');
  s.join('b', { metadata: 'other topics' }, false);
  expect(s.group.state).toBe('PreparingRebalance');
  s.join('a', {}, false);
  s.sync('a', {});
  s.join('a', {}, false);
  expect(s.group.state).toBe('PreparingRebalance');
});

test('an id that was given out may join, until its time is over', () => {
  const s = scene();
  s.group.expect('a', 1000);
  s.group.expect('b', 1000);
  s.join('a', {}, false);
  expect(s.group.state).toBe('PreparingRebalance');
  s.at(1000);
  expect(s.joins).toMatchObject([{ memberId: 'a', errorCode: 0 }]);
  s.join('b', {}, false);
  expect(s.joins.at(-1)).toMatchObject({ errorCode: errorCodes.unknownMemberId });
});

test('the first rebalance of an empty group waits a moment for more members', () => {
  const group = new Group('g', 100);
  const joins: JoinResult[] = [];
  group.join(request('a'), true, 0, (result) => joins.push(result));
  group.join(request('b'), true, 50, (result) => joins.push(result));
  expect([joins.length, group.dueMs()]).toEqual([0, 100]);
  group.tick(100);
  expect(joins.map((result) => result.generation)).toEqual([1, 1]);
});

test('a leader that heartbeats but never assigns does not hold up the others for ever', () => {
  const s = scene();
  s.join('a');
  s.join('b');
  s.join('a', {}, false);
  s.sync('b');
  for (let now = 0; now < rebalance; now += 5000) {
    for (const id of ['a', 'b']) expect(s.group.heartbeat(id, s.group.generation, now)).toBe(errorCodes.none);
    s.at(now);
  }
  expect(s.syncs).toEqual([]);
  s.at(rebalance);
  expect(s.syncs).toMatchObject([{ memberId: 'b', errorCode: errorCodes.rebalanceInProgress }]);
  s.join('b', {}, false);
  expect(s.joins.at(-1)).toMatchObject({ leader: 'b', errorCode: 0 });
});
