// One consumer group: the classic rebalance protocol as Kafka's group coordinator has it.
//
//   Empty ──join──▶ PreparingRebalance ──all joined, or time is up──▶ CompletingRebalance ──leader syncs──▶ Stable
//     ▲                 ▲   ▲                                             │                                   │
//     └──last leaves────┘   └──── join, leave, silence, changed protocols ┴───────────────────────────────────┘
//
//   G1  a generation begins with every completed rebalance, and only members of the current one heartbeat, sync and commit
//   G2  a rebalance completes when every member has joined again, at the latest after the longest rebalance timeout; who has not
//       joined by then is no member any more
//   G3  a member that is silent for its session timeout is removed; one whose join is parked is not silent
//   G4  all members share a protocol type and at least one protocol; the protocol with most votes is used
//   G5  every parked join and sync is answered exactly once
//
// No timers and no clock: each call gets the time, `tick` applies what became due, `dueMs` says when that will be.
import { type ErrorCode, errorCodes } from '../wire/error-codes.ts';
import {
  elect,
  type GroupState,
  joinRefused,
  type JoinRequest,
  type JoinResult,
  type Member,
  type Reply,
  sameProtocols,
  supports,
  type SyncResult,
} from './membership.ts';

const nothing = Buffer.alloc(0);

export class Group {
  readonly id: string;
  readonly #firstJoinWaitMs: number;
  readonly #members = new Map<string, Member>();
  /** Member ids that were given out and have not joined, with the time until which they may. */
  readonly #expected = new Map<string, number>();
  #state: GroupState = 'Empty';
  #generation = 0;
  #protocolType = '';
  #protocol = '';
  #leader = '';
  /** Of the rebalance under way: not before, and at the latest. */
  #notBeforeMs = 0;
  #latestMs = Number.POSITIVE_INFINITY;

  /** @param firstJoinWaitMs  how long the first rebalance of an empty group waits for more members */
  constructor(id: string, firstJoinWaitMs: number) {
    this.id = id;
    this.#firstJoinWaitMs = firstJoinWaitMs;
  }

  get state(): GroupState {
    return this.#state;
  }

  get generation(): number {
    return this.#generation;
  }

  get protocolType(): string {
    return this.#protocolType;
  }

  get protocol(): string {
    return this.#state === 'Stable' ? this.#protocol : '';
  }

  get members(): ReadonlyMap<string, Readonly<Member>> {
    return this.#members;
  }

  /** Members, and those that are expected to join. */
  get size(): number {
    return this.#members.size + this.#expected.size;
  }

  /** Notes that a client was told this member id and will join with it (KIP-394). */
  expect(memberId: string, untilMs: number): void {
    this.#expected.set(memberId, untilMs);
  }

  /** @param isNewId  the member id was given out with this very request */
  join(request: JoinRequest, isNewId: boolean, nowMs: number, reply: Reply<JoinResult>): void {
    const { memberId } = request;
    const known = this.#members.get(memberId);
    if (known === undefined && !isNewId && !this.#expected.has(memberId))
      return reply(joinRefused(memberId, errorCodes.unknownMemberId));
    if (!this.#fits(request)) return reply(joinRefused(memberId, errorCodes.inconsistentGroupProtocol));
    this.#expected.delete(memberId);
    const repeats = known !== undefined && sameProtocols(known.request, request);
    const member = known ?? { request, assignment: nothing, sessionEndsMs: 0, join: undefined, sync: undefined, synced: false };
    member.request = request;
    this.#touch(member, nowMs);
    if (repeats && (this.#state === 'CompletingRebalance' || (this.#state === 'Stable' && memberId !== this.#leader))) {
      return reply(this.#joined(memberId));
    }
    if (this.#members.size === 0) this.#protocolType = request.protocolType;
    this.#members.set(memberId, member);
    member.join?.(joinRefused(memberId, errorCodes.rebalanceInProgress));
    member.join = reply;
    this.#rebalance(nowMs);
  }

  sync(
    { memberId, generation, assignments }: { memberId: string; generation: number; assignments: ReadonlyMap<string, Buffer> },
    nowMs: number,
    reply: Reply<SyncResult>,
  ): void {
    const refuse = (errorCode: ErrorCode): void => reply({ errorCode, assignment: nothing });
    const member = this.#members.get(memberId);
    if (member === undefined) return refuse(errorCodes.unknownMemberId);
    if (generation !== this.#generation) return refuse(errorCodes.illegalGeneration);
    if (this.#state === 'PreparingRebalance') return refuse(errorCodes.rebalanceInProgress);
    this.#touch(member, nowMs);
    member.synced = true;
    if (this.#state === 'Stable') return reply({ errorCode: errorCodes.none, assignment: member.assignment });
    member.sync?.({ errorCode: errorCodes.rebalanceInProgress, assignment: nothing });
    member.sync = reply;
    if (memberId === this.#leader) this.#assign(assignments, nowMs);
  }

  heartbeat(memberId: string, generation: number, nowMs: number): ErrorCode {
    const errorCode = this.memberFault(memberId, generation);
    if (errorCode !== errorCodes.none) return errorCode;
    const member = this.#members.get(memberId);
    if (member !== undefined) this.#touch(member, nowMs);
    return this.#state === 'PreparingRebalance' ? errorCodes.rebalanceInProgress : errorCodes.none;
  }

  leave(memberId: string, nowMs: number): ErrorCode {
    if (this.#expected.delete(memberId)) {
      this.#tryComplete(nowMs);
      return errorCodes.none;
    }
    if (!this.#members.has(memberId)) return errorCodes.unknownMemberId;
    this.#remove(memberId);
    this.#rebalance(nowMs);
    return errorCodes.none;
  }

  /** Whether it is a member of the current generation. */
  memberFault(memberId: string, generation: number): ErrorCode {
    if (!this.#members.has(memberId)) return errorCodes.unknownMemberId;
    return generation === this.#generation ? errorCodes.none : errorCodes.illegalGeneration;
  }

  /** The client that waits for this reply is gone; from now on its member has to show life again. */
  abandon(memberId: string, reply: Reply<JoinResult> | Reply<SyncResult>, nowMs: number): void {
    const member = this.#members.get(memberId);
    if (member === undefined || (member.join !== reply && member.sync !== reply)) return;
    member.join = undefined;
    member.sync = undefined;
    this.#touch(member, nowMs);
  }

  /** Applies what is due: members that were silent for too long, the end of a rebalance. */
  tick(nowMs: number): void {
    for (const [memberId, untilMs] of this.#expected) if (untilMs <= nowMs) this.#expected.delete(memberId);
    const silent = [...this.#members].filter(([, member]) => member.join === undefined && member.sessionEndsMs <= nowMs);
    const late =
      this.#state === 'CompletingRebalance' && this.#latestMs <= nowMs ? [...this.#members].filter(([, m]) => !m.synced) : [];
    for (const [memberId] of [...silent, ...late]) this.#remove(memberId);
    if (silent.length + late.length > 0) this.#rebalance(nowMs);
    else this.#tryComplete(nowMs);
  }

  /** When `tick` will have something to do; undefined: never, as things are. */
  dueMs(): number | undefined {
    const times = [...this.#expected.values()];
    for (const member of this.#members.values()) if (member.join === undefined) times.push(member.sessionEndsMs);
    if (this.#state === 'PreparingRebalance') times.push(this.#allJoined() ? this.#notBeforeMs : this.#latestMs);
    if (this.#state === 'CompletingRebalance') times.push(this.#latestMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #fits(request: JoinRequest): boolean {
    if (request.protocolType === '' || request.protocols.length === 0) return false;
    const others = [...this.#members.values()].filter((member) => member.request.memberId !== request.memberId);
    if (others.length === 0) return true;
    if (request.protocolType !== this.#protocolType) return false;
    return request.protocols.some(({ name }) => others.every((other) => supports(other.request, name)));
  }

  #rebalance(nowMs: number): void {
    if (this.#state !== 'PreparingRebalance') {
      const wasEmpty = this.#state === 'Empty';
      for (const member of this.#members.values()) {
        member.sync?.({ errorCode: errorCodes.rebalanceInProgress, assignment: nothing });
        member.sync = undefined;
        member.assignment = nothing;
      }
      this.#state = 'PreparingRebalance';
      this.#notBeforeMs = nowMs + (wasEmpty ? this.#firstJoinWaitMs : 0);
      this.#latestMs = nowMs + this.#longestRebalanceMs();
    }
    this.#tryComplete(nowMs);
  }

  #tryComplete(nowMs: number): void {
    if (this.#state !== 'PreparingRebalance') return;
    if (nowMs >= this.#latestMs) {
      for (const [memberId, member] of this.#members) if (member.join === undefined) this.#remove(memberId);
    } else if (this.#members.size > 0 && (!this.#allJoined() || nowMs < this.#notBeforeMs)) return;
    this.#generation++;
    if (this.#members.size === 0) this.#becomeEmpty();
    else this.#complete(nowMs);
  }

  #complete(nowMs: number): void {
    this.#state = 'CompletingRebalance';
    this.#latestMs = nowMs + this.#longestRebalanceMs();
    this.#protocol = elect([...this.#members.values()].map((member) => member.request.protocols.map(({ name }) => name)));
    if (!this.#members.has(this.#leader)) this.#leader = [...this.#members.keys()][0] ?? '';
    for (const [memberId, member] of this.#members) {
      const reply = member.join;
      member.join = undefined;
      member.synced = false;
      this.#touch(member, nowMs);
      reply?.(this.#joined(memberId));
    }
  }

  #assign(assignments: ReadonlyMap<string, Buffer>, nowMs: number): void {
    this.#state = 'Stable';
    for (const [memberId, member] of this.#members) {
      member.assignment = assignments.get(memberId) ?? nothing;
      if (member.sync === undefined) continue;
      this.#touch(member, nowMs);
      member.sync({ errorCode: errorCodes.none, assignment: member.assignment });
      member.sync = undefined;
    }
  }

  #joined(memberId: string): JoinResult {
    const members = [...this.#members.values()].map(({ request }) => ({
      memberId: request.memberId,
      metadata: request.protocols.find(({ name }) => name === this.#protocol)?.metadata ?? nothing,
    }));
    return {
      errorCode: errorCodes.none,
      generation: this.#generation,
      protocol: this.#protocol,
      leader: this.#leader,
      memberId,
      members: memberId === this.#leader ? members : [],
    };
  }

  #becomeEmpty(): void {
    this.#state = 'Empty';
    this.#protocol = '';
    this.#leader = '';
  }

  #remove(memberId: string): void {
    const member = this.#members.get(memberId);
    this.#members.delete(memberId);
    member?.join?.(joinRefused(memberId, errorCodes.unknownMemberId));
    member?.sync?.({ errorCode: errorCodes.unknownMemberId, assignment: nothing });
  }

  #touch(member: Member, nowMs: number): void {
    member.sessionEndsMs = nowMs + member.request.sessionTimeoutMs;
  }

  #allJoined(): boolean {
    return this.#expected.size === 0 && [...this.#members.values()].every((member) => member.join !== undefined);
  }

  #longestRebalanceMs(): number {
    return Math.max(0, ...[...this.#members.values()].map((member) => member.request.rebalanceTimeoutMs));
  }
}
