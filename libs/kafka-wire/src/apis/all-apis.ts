import { type AnyApi } from './api.ts';
import { apiVersions } from './api-versions.ts';
import { alterConfigs, describeConfigs, incrementalAlterConfigs } from './config-admin.ts';
import { fetch } from './fetch.ts';
import { deleteGroups, describeGroups, listGroups } from './group-admin.ts';
import { findCoordinator, heartbeat, joinGroup, leaveGroup, syncGroup } from './group-membership.ts';
import { offsetCommit, offsetFetch } from './group-offsets.ts';
import { listOffsets } from './list-offsets.ts';
import { metadata } from './metadata.ts';
import { produce } from './produce.ts';
import { initProducerId } from './producer-id.ts';
import { saslAuthenticate, saslHandshake } from './sasl.ts';
import { createPartitions, createTopics, deleteRecords, deleteTopics } from './topic-admin.ts';

/** What the broker speaks; the answer to ApiVersions is made from it. */
export const allApis: readonly AnyApi[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  describeConfigs,
  alterConfigs,
  saslAuthenticate,
  createPartitions,
  deleteGroups,
  incrementalAlterConfigs,
];
