import { randomUUID } from 'node:crypto';
import { type ErrorCode, errorCodes } from '../wire/error-codes.ts';
import { type Timers } from '../timers.ts';
import { type CommittedOffset, type CommittedOffsets } from './committed-offsets.ts';
import { Group } from './group.ts';
import { joinRefused, type JoinRequest, type JoinResult, type Reply, type SyncResult } from './membership.ts';

/** The caller's connection, as far as a parked request needs it. */
type OnGone = (listener: () => void) => () => void;

const maxGroupIdLength = 249;
const longestSessionMs = 30 * 60 * 1000; // Kafka's group.max.session.timeout.ms
const maxGroupsWithMembers = 10_000;
const maxMembers = 1000;
const maxMetadataBytes = 1024 * 1024;

/** The groups of the broker: gives each its timer, and keeps what they committed. */
export class Coordinator {
  readonly offsets: CommittedOffsets;
  readonly #timers: Timers;
  readonly #firstJoinWaitMs: number;
  readonly #groups = new Map<string, Group>();
  readonly #alarms = new Map<string, { atMs: number; cancel: () => void }>();

  constructor(offsets: CommittedOffsets, timers: Timers, firstJoinWaitMs: number) {
    this.offsets = offsets;
    this.#timers = timers;
    this.#firstJoinWaitMs = firstJoinWaitMs;
  }

  /** @param twoSteps  a new member is first told its id and joins with it in a second request */
  join(groupId: string, request: JoinRequest, twoSteps: boolean, onGone: OnGone): Promise<JoinResult> {
    const refusal = joinFault(groupId, request) ?? this.#crowdFault(groupId);
    if (refusal !== undefined) return Promise.resolve(joinRefused(request.memberId, refusal));
    const isNewId = request.memberId === '';
    const memberId = isNewId ? `${request.clientId.slice(0, 100)}-${randomUUID()}` : request.memberId;
    if (!isNewId && !this.#groups.has(groupId)) return Promise.resolve(joinRefused(memberId, errorCodes.unknownMemberId));
    const gone = joinRefused(memberId, errorCodes.coordinatorNotAvailable);
    return this.#parked<JoinResult>(groupId, memberId, onGone, gone, (group, reply) => {
      const now = this.#timers.nowMs();
      if (!isNewId || !twoSteps) return group.join({ ...request, memberId }, isNewId, now, reply);
      group.expect(memberId, now + request.sessionTimeoutMs);
      reply(joinRefused(memberId, errorCodes.memberIdRequired));
    });
  }

  sync(groupId: string, request: Parameters<Group['sync']>[0], onGone: OnGone): Promise<SyncResult> {
    const refused = (errorCode: ErrorCode): SyncResult => ({ errorCode, assignment: Buffer.alloc(0) });
    if (!this.#groups.has(groupId)) return Promise.resolve(refused(errorCodes.unknownMemberId));
    const gone = refused(errorCodes.coordinatorNotAvailable);
    return this.#parked<SyncResult>(groupId, request.memberId, onGone, gone, (group, reply) =>
      group.sync(request, this.#timers.nowMs(), reply),
    );
  }

  heartbeat(groupId: string, memberId: string, generation: number): ErrorCode {
    return this.#groups.get(groupId)?.heartbeat(memberId, generation, this.#timers.nowMs()) ?? errorCodes.unknownMemberId;
  }

  leave(groupId: string, memberId: string): ErrorCode {
    const errorCode = this.#groups.get(groupId)?.leave(memberId, this.#timers.nowMs()) ?? errorCodes.unknownMemberId;
    this.#arm(groupId);
    return errorCode;
  }

  /** Whether this member, or (generation below 0) someone who is in no group, may commit for the group now. */
  commitFault(groupId: string, memberId: string, generation: number): ErrorCode {
    const group = this.#groups.get(groupId);
    if (generation < 0 && (group === undefined || group.state === 'Empty')) return errorCodes.none;
    if (group === undefined) return errorCodes.illegalGeneration;
    const errorCode = group.heartbeat(memberId, generation, this.#timers.nowMs());
    if (errorCode !== errorCodes.none && errorCode !== errorCodes.rebalanceInProgress) return errorCode;
    return group.state === 'CompletingRebalance' ? errorCodes.rebalanceInProgress : errorCodes.none;
  }

  commit(groupId: string, offsets: readonly CommittedOffset[]): Promise<void> {
    return this.offsets.commit(groupId, offsets);
  }

  /** A group that has members or committed offsets. */
  find(groupId: string): Group | undefined {
    const known = this.#groups.get(groupId);
    if (known !== undefined || this.offsets.of(groupId).length === 0) return known;
    return new Group(groupId, this.#firstJoinWaitMs);
  }

  groups(): Group[] {
    const ids = new Set([...this.#groups.keys(), ...this.offsets.groupIds()]);
    return [...ids].sort().flatMap((id) => this.find(id) ?? []);
  }

  async delete(groupId: string): Promise<ErrorCode> {
    const group = this.find(groupId);
    if (group === undefined) return errorCodes.groupIdNotFound;
    if (group.members.size > 0) return errorCodes.nonEmptyGroup;
    await this.offsets.deleteGroup(groupId);
    this.#drop(groupId);
    return errorCodes.none;
  }

  close(): void {
    for (const groupId of [...this.#groups.keys()]) this.#drop(groupId);
  }

  /** What clients can make the coordinator remember is bounded. */
  #crowdFault(groupId: string): ErrorCode | undefined {
    const size = this.#groups.get(groupId)?.size;
    const isFull = size === undefined ? this.#groups.size >= maxGroupsWithMembers : size >= maxMembers;
    return isFull ? errorCodes.groupMaxSizeReached : undefined;
  }

  /** Parks a request until the group replies; when the client is gone before, the answer is `gone`. */
  #parked<Result>(
    groupId: string,
    memberId: string,
    onGone: OnGone,
    gone: Result,
    park: (group: Group, reply: Reply<Result>) => void,
  ): Promise<Result> {
    const group = this.#groups.get(groupId) ?? new Group(groupId, this.#firstJoinWaitMs);
    this.#groups.set(groupId, group);
    return new Promise<Result>((resolve) => {
      let stop: () => void = () => undefined;
      const reply = (result: Result): void => {
        stop();
        resolve(result);
      };
      stop = onGone(() => {
        group.abandon(memberId, reply as Reply<JoinResult> & Reply<SyncResult>, this.#timers.nowMs());
        this.#arm(groupId);
        resolve(gone);
      });
      park(group, reply);
      this.#arm(groupId);
    });
  }

  /** Sets the group's alarm to when something will be due. One that is set for earlier stays: it will look again then. */
  #arm(groupId: string): void {
    const group = this.#groups.get(groupId);
    if (group?.size === 0 && group.state === 'Empty') return this.#drop(groupId);
    const atMs = group?.dueMs();
    const alarm = this.#alarms.get(groupId);
    if (group === undefined || atMs === undefined || (alarm !== undefined && alarm.atMs <= atMs)) return;
    alarm?.cancel();
    const ring = (): void => {
      this.#alarms.delete(groupId);
      group.tick(this.#timers.nowMs());
      this.#arm(groupId);
    };
    this.#alarms.set(groupId, { atMs, cancel: this.#timers.after(Math.max(1, atMs - this.#timers.nowMs()), ring) });
  }

  #drop(groupId: string): void {
    this.#groups.delete(groupId);
    this.#alarms.get(groupId)?.cancel();
    this.#alarms.delete(groupId);
  }
}

function joinFault(groupId: string, request: JoinRequest): ErrorCode | undefined {
  if (groupId === '' || groupId.length > maxGroupIdLength) return errorCodes.invalidGroupId;
  const { sessionTimeoutMs } = request;
  if (request.protocols.reduce((sum, { metadata }) => sum + metadata.length, 0) > maxMetadataBytes)
    return errorCodes.invalidRequest;
  return sessionTimeoutMs < 1 || sessionTimeoutMs > longestSessionMs ? errorCodes.invalidSessionTimeout : undefined;
}
