import { type ErrorCode, errorCodes } from '../wire/error-codes.ts';
import { array, boolean, bytes, int16, int32, nullableString, type Of, since, string, struct } from '../wire/schema.ts';
import { type Broker, defineApi } from './api.ts';
import { attempt } from './attempt.ts';
import { noOperations } from './metadata.ts';

const nothing = Buffer.alloc(0);

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  versions: [0, 2],
  needs: () => [{ operation: 'read' }],
  request: struct({}),
  response: struct({
    throttleTimeMs: since(1, int32, 0),
    errorCode: int16,
    groups: array(struct({ groupId: string, protocolType: string })),
  }),
  handle: (broker, _request, { denial }) => ({
    throttleTimeMs: 0,
    errorCode: denial() === undefined ? errorCodes.none : errorCodes.clusterAuthorizationFailed,
    groups: (denial() === undefined ? broker.groups.groups() : []).map(({ id, protocolType }) => ({
      groupId: id,
      protocolType: protocolType || 'consumer',
    })),
  }),
});

const member = struct({
  memberId: string,
  instanceId: since(4, nullableString, null),
  clientId: string,
  clientHost: string,
  metadata: bytes,
  assignment: bytes,
});
const description = struct({
  errorCode: int16,
  groupId: string,
  state: string,
  protocolType: string,
  protocol: string,
  members: array(member),
  authorizedOperations: since(3, int32, noOperations),
});

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  versions: [0, 4],
  needs: ({ groupIds }) => groupIds.map((group) => ({ operation: 'read', group })),
  request: struct({ groupIds: array(string), includeOperations: since(3, boolean, false) }),
  response: struct({ throttleTimeMs: since(1, int32, 0), groups: array(description) }),
  handle: (broker, { groupIds }, { denial }) => ({
    throttleTimeMs: 0,
    groups: groupIds.map((groupId) => (denial(groupId) === undefined ? describe(broker, groupId) : hidden(groupId))),
  }),
});

function hidden(groupId: string): Of<typeof description> {
  const errorCode = errorCodes.groupAuthorizationFailed;
  return { errorCode, groupId, state: '', protocolType: '', protocol: '', members: [], authorizedOperations: noOperations };
}

/** A group nobody knows is "Dead", as Kafka says it. */
function describe(broker: Broker, groupId: string): Of<typeof description> {
  const base = { errorCode: errorCodes.none, groupId, authorizedOperations: noOperations };
  const group = broker.groups.find(groupId);
  if (group === undefined) return { ...base, state: 'Dead', protocolType: '', protocol: '', members: [] };
  const members = [...group.members].map(([memberId, { request, assignment }]) => ({
    memberId,
    instanceId: null,
    clientId: request.clientId,
    clientHost: `/${request.clientHost}`,
    metadata: request.protocols.find(({ name }) => name === group.protocol)?.metadata ?? nothing,
    assignment,
  }));
  return { ...base, state: group.state, protocolType: group.protocolType || 'consumer', protocol: group.protocol, members };
}

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 1],
  needs: ({ groupIds }) => groupIds.map((group) => ({ operation: 'admin', group })),
  request: struct({ groupIds: array(string) }),
  response: struct({ throttleTimeMs: int32, results: array(struct({ groupId: string, errorCode: int16 })) }),
  async handle(broker, { groupIds }, { denial }) {
    const results = [];
    for (const groupId of groupIds) {
      const denied = denial(groupId) !== undefined;
      results.push({ groupId, errorCode: denied ? errorCodes.groupAuthorizationFailed : await remove(broker, groupId) });
    }
    return { throttleTimeMs: 0, results };
  },
});

async function remove(broker: Broker, groupId: string): Promise<ErrorCode> {
  let errorCode: ErrorCode = errorCodes.none;
  const fault = await attempt(broker, 'delete a group', async () => {
    errorCode = await broker.groups.delete(groupId);
  });
  return fault.errorCode === errorCodes.none ? errorCode : errorCodes.coordinatorNotAvailable;
}
