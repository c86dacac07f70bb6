import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import type { AlertHistoryEntrySchema } from '@tmws/contracts';
import type { KnownEntry } from '../../usecases/list-history.ts';
import { instant } from './alert-messages.ts';

/** What has a field of its own in the message, or says what the alert's labels say. */
const told = new Set(['by', 'text', 'labels']);

export function historyMessage({ entry, labels, text }: KnownEntry): MessageInitShape<typeof AlertHistoryEntrySchema> {
  const { fingerprint, atMs, kind, doc } = entry;
  return {
    fingerprint,
    at: instant(atMs),
    kind,
    by: typeof doc.by === 'string' ? doc.by : '',
    text,
    labels: { ...labels },
    details: Object.fromEntries(Object.entries(doc).filter(([name]) => !told.has(name))) as JsonObject,
  };
}
