// What is posted to Splunk's HTTP Event Collector: an object for each alert, one after the other without commas, in requests of a size that any
// Splunk takes. Source: Splunk's "Format events for HTTP Event Collector".
import { hostname } from 'node:os';
import type { SplunkHecConfig } from '../domain/config/more-receivers.ts';
import { ecsDocument } from '../domain/siem/ecs.ts';
import { ocsfEvent } from '../domain/siem/ocsf.ts';
import { type SiemAlert, siemAlerts } from '../domain/siem/siem-alert.ts';
import type { NotificationDoc, TakenNotification } from '../ports.ts';

/** Splunk Cloud takes 1 MB a request. */
const mostBytes = 1_000_000;

/** Bodies, each below 1 MB unless one alert alone is larger. The same notification always makes the same. */
export function hecBodies(config: SplunkHecConfig, notification: TakenNotification): string[] {
  const doc = JSON.parse(notification.doc) as NotificationDoc;
  const bodies: string[] = [];
  let bytes = Infinity;
  for (const [index, alert] of siemAlerts(notification, doc).entries()) {
    const event = JSON.stringify(hecEvent(config, alert, eventOf(config, alert, doc, index)));
    const size = Buffer.byteLength(event);
    if (bytes + size > mostBytes) {
      bodies.push(event);
      bytes = size;
    } else {
      bodies.push((bodies.pop() ?? '') + event);
      bytes += size;
    }
  }
  return bodies;
}

/** `fields` are indexed, so `tmws_id` finds doubles without reading events. */
function hecEvent(config: SplunkHecConfig, alert: SiemAlert, event: unknown): Record<string, unknown> {
  const { index, host = hostname(), source = 'tmws', format = 'ecs', sourcetype = `tmws:alert:${format}` } = config;
  return {
    time: alert.atMs / 1000,
    host,
    source,
    sourcetype,
    ...(index !== undefined && { index }),
    event,
    fields: {
      tmws_id: alert.id,
      tmws_namespace: alert.namespace,
      tmws_status: alert.status,
      ...(alert.severity !== '' && { tmws_severity: alert.severity }),
    },
  };
}

function eventOf({ format }: SplunkHecConfig, alert: SiemAlert, doc: NotificationDoc, index: number): unknown {
  if (format === 'ocsf') return ocsfEvent(alert);
  if (format !== 'alertmanager') return ecsDocument(alert);
  const { receiver, groupLabels, groupKey, externalURL } = doc;
  return { ...doc.alerts[index], receiver, groupLabels, groupKey, externalURL };
}
