export { boolArray, byteaArray, hexArray, int4Array, int8Array, jsonbArray, textArray } from './binary-arrays.ts';
export { type Database, type Queryable, type Row } from './database.ts';
export { openDatabase, type DatabaseOptions } from './open-database.ts';
export { migrate, type MigrateOptions, type Migrations, missingSteps, newestKnownStep, newestStep } from './migrate.ts';
export { loadOffsets, moveOffsets, type Offset } from './offsets.ts';
export { enqueue, outboxArrays, type OutboxRecord } from './outbox.ts';
export { type Partitions, partitionsOf } from './partitions.ts';
export { relayOutbox, type Relay } from './outbox-relay.ts';
export { openEmbedded } from './embedded/open-embedded.ts';
