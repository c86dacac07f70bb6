// The words in which a group and its members speak.
import { type ErrorCode } from '../wire/error-codes.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface JoinRequest {
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly Protocol[];
}

export interface JoinResult {
  readonly errorCode: ErrorCode;
  readonly generation: number;
  readonly protocol: string;
  readonly leader: string;
  readonly memberId: string;
  /** Of all members, for the leader only. */
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[];
}

export interface SyncResult {
  readonly errorCode: ErrorCode;
  readonly assignment: Buffer;
}

export type Reply<Result> = (result: Result) => void;

export interface Member {
  request: JoinRequest;
  assignment: Buffer;
  /** When it is silent for too long. */
  sessionEndsMs: number;
  join: Reply<JoinResult> | undefined;
  sync: Reply<SyncResult> | undefined;
  synced: boolean;
}

export function joinRefused(memberId: string, errorCode: ErrorCode): JoinResult {
  return { errorCode, generation: -1, protocol: '', leader: '', memberId, members: [] };
}

export const supports = (request: JoinRequest, name: string): boolean =>
  request.protocols.some((protocol) => protocol.name === name);

export function sameProtocols(a: JoinRequest, b: JoinRequest): boolean {
  return (
    a.protocols.length === b.protocols.length &&
    a.protocols.every(({ name, metadata }, i) => name === b.protocols[i]?.name && metadata.equals(b.protocols[i].metadata))
  );
}

/** The protocol all support that most members prefer. Each list is in its member's order of preference. */
export function elect(preferences: readonly (readonly string[])[]): string {
  const common = (preferences[0] ?? []).filter((name) => preferences.every((list) => list.includes(name)));
  const votes = preferences.map((list) => list.find((name) => common.includes(name)));
  const count = (name: string): number => votes.filter((vote) => vote === name).length;
  return common.reduce((best, name) => (count(name) > count(best) ? name : best), common[0] ?? '');
}
