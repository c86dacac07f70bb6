import type { KnownAlert, StoredAlert, StoredSilence } from '../ports.ts';

export interface AlertRow {
  namespace: string;
  fingerprint: string;
  labels: string;
  annotations: string;
  generator_url: string;
  starts_ms: bigint;
  ends_ms: bigint;
  updated_ms: bigint;
  timeout: boolean;
  told: KnownAlert['told'];
  told_ms: bigint;
  acknowledged: string | null;
  assignee: string;
  handling: string | null;
  revision: bigint;
}

export interface SilenceRow {
  id: string;
  namespace: string;
  matchers: string;
  starts_ms: bigint;
  ends_ms: bigint;
  updated_ms: bigint;
  created_by: string;
  comment: string;
  revision: bigint;
}

export const alertOf = (row: AlertRow): StoredAlert => ({
  namespace: row.namespace,
  fingerprint: row.fingerprint,
  labels: JSON.parse(row.labels) as StoredAlert['labels'],
  annotations: JSON.parse(row.annotations) as StoredAlert['annotations'],
  generatorUrl: row.generator_url,
  startsAtMs: Number(row.starts_ms),
  endsAtMs: Number(row.ends_ms),
  updatedAtMs: Number(row.updated_ms),
  timeout: row.timeout,
  told: row.told,
  toldAtMs: Number(row.told_ms),
  acknowledged: row.acknowledged === null ? undefined : (JSON.parse(row.acknowledged) as StoredAlert['acknowledged']),
  assignee: row.assignee,
  ...(row.handling !== null && { handling: JSON.parse(row.handling) as NonNullable<StoredAlert['handling']> }),
  revision: row.revision,
});

export const silenceOf = (row: SilenceRow): StoredSilence => ({
  id: row.id,
  namespace: row.namespace,
  matchers: JSON.parse(row.matchers) as StoredSilence['matchers'],
  startsAtMs: Number(row.starts_ms),
  endsAtMs: Number(row.ends_ms),
  updatedAtMs: Number(row.updated_ms),
  createdBy: row.created_by,
  comment: row.comment,
  revision: row.revision,
});
