import { errorCodes } from '../wire/error-codes.ts';
import { array, between, bytes, int16, int32, int8, nullableString, since, string, struct } from '../wire/schema.ts';
import { defineApi, nodeId } from './api.ts';
import { transactionsFault } from '../records/batch-fault.ts';

const throttleTimeMs = 0;
const groupCoordinator = 0;

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 2],
  needs: () => [],
  request: struct({ key: string, keyType: since(1, int8, 0) }),
  response: struct({
    throttleTimeMs: since(1, int32, 0),
    errorCode: int16,
    errorMessage: since(1, nullableString, null),
    nodeId: int32,
    host: string,
    port: int32,
  }),
  handle(broker, { keyType }, call) {
    if (keyType !== groupCoordinator) return { throttleTimeMs, ...transactionsFault, nodeId: -1, host: '', port: -1 };
    return { throttleTimeMs, errorCode: errorCodes.none, errorMessage: null, nodeId, ...broker.advertised(call) };
  },
});

const errorCode = errorCodes.groupAuthorizationFailed;
const notJoined = { throttleTimeMs, errorCode, generation: -1, protocol: '', leader: '', members: [] };

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  versions: [0, 5],
  needs: ({ groupId }) => [{ operation: 'read', group: groupId }],
  request: struct({
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: since(1, int32, -1),
    memberId: string,
    instanceId: since(5, nullableString, null), // static membership: taken for a dynamic one
    protocolType: string,
    protocols: array(struct({ name: string, metadata: bytes })),
  }),
  response: struct({
    throttleTimeMs: since(2, int32, 0),
    errorCode: int16,
    generation: int32,
    protocol: string,
    leader: string,
    memberId: string,
    members: array(struct({ memberId: string, instanceId: since(5, nullableString, null), metadata: bytes })),
  }),
  async handle(broker, request, call) {
    const { groupId, rebalanceTimeoutMs, sessionTimeoutMs } = request;
    if (call.denial(groupId) !== undefined) return { ...notJoined, memberId: request.memberId };
    const join = {
      ...request,
      clientId: call.clientId,
      clientHost: call.remoteAddress,
      rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
      // Views of the request would keep all of it in memory.
      protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
    };
    const result = await broker.groups.join(groupId, join, call.version >= 4, call.onGone);
    return { throttleTimeMs, ...result, members: result.members.map((member) => ({ ...member, instanceId: null })) };
  },
});

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  versions: [0, 3],
  needs: ({ groupId }) => [{ operation: 'read', group: groupId }],
  request: struct({
    groupId: string,
    generation: int32,
    memberId: string,
    instanceId: since(3, nullableString, null),
    assignments: array(struct({ memberId: string, assignment: bytes })),
  }),
  response: struct({ throttleTimeMs: since(1, int32, 0), errorCode: int16, assignment: bytes }),
  async handle(broker, { groupId, generation, memberId, assignments }, call) {
    if (call.denial(groupId) !== undefined) return { throttleTimeMs, errorCode, assignment: Buffer.alloc(0) };
    const byMember = new Map(assignments.map((one) => [one.memberId, Buffer.from(one.assignment)]));
    const result = await broker.groups.sync(groupId, { memberId, generation, assignments: byMember }, call.onGone);
    return { throttleTimeMs, ...result };
  },
});

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  versions: [0, 3],
  needs: ({ groupId }) => [{ operation: 'read', group: groupId }],
  request: struct({ groupId: string, generation: int32, memberId: string, instanceId: since(3, nullableString, null) }),
  response: struct({ throttleTimeMs: since(1, int32, 0), errorCode: int16 }),
  handle: (broker, { groupId, generation, memberId }, { denial }) => ({
    throttleTimeMs,
    errorCode: denial(groupId) === undefined ? broker.groups.heartbeat(groupId, memberId, generation) : errorCode,
  }),
});

const leaving = struct({ memberId: string, instanceId: nullableString });

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 3],
  needs: ({ groupId }) => [{ operation: 'read', group: groupId }],
  request: struct({ groupId: string, memberId: between(0, 2, string, ''), members: since(3, array(leaving), []) }),
  response: struct({
    throttleTimeMs: since(1, int32, 0),
    errorCode: int16,
    members: since(3, array(struct({ memberId: string, instanceId: nullableString, errorCode: int16 })), []),
  }),
  handle(broker, { groupId, memberId, members }, call) {
    if (call.denial(groupId) !== undefined) return { throttleTimeMs, errorCode, members: [] };
    if (call.version < 3) return { throttleTimeMs, errorCode: broker.groups.leave(groupId, memberId), members: [] };
    const left = members.map((member) => ({ ...member, errorCode: broker.groups.leave(groupId, member.memberId) }));
    return { throttleTimeMs, errorCode: errorCodes.none, members: left };
  },
});
