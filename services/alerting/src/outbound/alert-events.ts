import { create, toJsonString } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AlertEventSchema } from '@tmws/contracts';
import { type OutgoingRecord, toRecord } from '@tmws/events';
import type { LabelSet } from '../domain/label-set.ts';
import type { HistoryEntry } from '../ports.ts';

/** What of history others hear, and what it is called on `tmws.alert`. */
const types: Readonly<Partial<Record<HistoryEntry['kind'], string>>> = {
  fired: 'tmws.alert.raised',
  resolved: 'tmws.alert.resolved',
  acknowledged: 'tmws.alert.acknowledged',
  notified: 'tmws.alert.delivered',
  undeliverable: 'tmws.alert.undeliverable',
};

/**
 * The events of history entries.
 *
 * Their ids are made of the fingerprint, the kind and the time, so that the same entry is the same event.
 */
export function alertEvents(entries: readonly HistoryEntry[], labelsOf: (entry: HistoryEntry) => LabelSet): OutgoingRecord[] {
  return entries.flatMap((entry) => {
    const type = types[entry.kind];
    if (type === undefined) return [];
    const { namespace, fingerprint, atMs, kind, doc } = entry;
    const text = (name: string): string => (typeof doc[name] === 'string' ? doc[name] : '');
    const instant = (name: string) => (typeof doc[name] === 'number' ? { [name.slice(0, -2)]: timestampFromMs(doc[name]) } : {});
    const notification = text('notification');
    const data = create(AlertEventSchema, {
      fingerprint,
      labels: { ...labelsOf(entry) },
      annotations: { ...(doc.annotations as LabelSet | undefined) },
      ...instant('startsAtMs'),
      ...instant('endsAtMs'),
      by: text('by'),
      comment: text('text'),
      ...(notification !== '' && {
        delivery: {
          notification,
          receiver: text('receiver'),
          integration: text('integration'),
          reason: text('reason'),
          attempts: typeof doc.attempts === 'number' ? doc.attempts : 0,
          receipt: text('receipt'),
          error: text('error'),
        },
      }),
    });
    return [
      toRecord('tmws.alert', {
        id: [fingerprint, kind, String(atMs), ...(notification === '' ? [] : [notification])].join('/'),
        source: '/tmws/alerting',
        type,
        subject: fingerprint,
        timeNs: BigInt(Math.floor(atMs)) * 1_000_000n,
        dataContentType: 'application/json',
        namespace,
        traceparent: undefined,
        data: Buffer.from(toJsonString(AlertEventSchema, data)),
      }),
    ];
  });
}
