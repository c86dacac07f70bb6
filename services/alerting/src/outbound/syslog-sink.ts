// Syslog, RFC 5424, over TCP (RFC 6587, octet counting) or TLS (RFC 5425): a message for each alert, one connection for a notification.
import { hostname } from 'node:os';
import type { SyslogConfig } from '../domain/config/more-receivers.ts';
import { syslogFrame } from '../domain/siem/rfc5424.ts';
import { siemAlerts } from '../domain/siem/siem-alert.ts';
import { syslogLine, type SyslogStyle } from '../domain/siem/syslog-line.ts';
import type { NotificationDoc, Sink } from '../ports.ts';
import { answering } from './sink-answer.ts';
import type { SinkKind } from './sink-kind.ts';
import { tlsOptions } from './sink-tls.ts';
import { type SyslogPeer, writeFrames } from './syslog-connection.ts';

/** Log audit. */
const defaultFacility = 13;
const mostFacility = 23;
const longestMs = 9_500;

/** Host and port of an address like tls://siem.example.org:6514 or tcp://[::1]. */
function placeOf(address: string): Omit<SyslogPeer, 'tls'> & { readonly secure: boolean } {
  const parts = /^(?<scheme>tcp|tls):\/\/(?:\[(?<ip>[^\]]*)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/i.exec(address)?.groups ?? {};
  const secure = parts.scheme?.toLowerCase() === 'tls';
  return { host: parts.ip ?? parts.name ?? '', port: Number(parts.port ?? (secure ? 6514 : 601)), secure };
}

export function syslogSink(config: SyslogConfig): Sink {
  const { facility = defaultFacility, app_name: appName = 'tmws', address = '', timeout } = config;
  const format = config.format === 'ocsf' ? 'ocsf' : 'cef';
  const style: SyslogStyle = { format, facility, appName, hostname: config.hostname ?? hostname() };
  const { host, port, secure } = placeOf(address);
  const limitMs = Math.min(longestMs, timeout || longestMs);
  return (notification) =>
    answering(async () => {
      const alerts = siemAlerts(notification, JSON.parse(notification.doc) as NotificationDoc);
      if (alerts.length === 0) return { sent: true, receipt: 'there was nothing to send' };
      const frames = alerts.map((alert) => syslogFrame(syslogLine(alert, style)));
      const tls = secure ? await tlsOptions(config.tls_config) : undefined;
      await writeFrames({ host, port, tls }, frames, limitMs);
      const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
      const what = frames.length === 1 ? '1 message' : `${frames.length} messages`;
      return { sent: true, receipt: `${what}, ${bytes} bytes, read to the end and closed by the receiver` };
    });
}

export const syslogKind: SinkKind<SyslogConfig> = {
  sendResolved: true,
  keepsRecords: true,
  guarantee: 'at_least_once',
  sink: syslogSink,
  check: ({ address = '', facility = defaultFacility, tls_config: tls }) => {
    const { port, secure } = placeOf(address);
    return [
      ...(port >= 1 && port <= 65_535 ? [] : [`address: the port must be from 1 to 65535 (got ${port})`]),
      ...(facility <= mostFacility ? [] : [`facility must be from 0 to ${mostFacility} (got ${facility})`]),
      ...(secure || tls === undefined ? [] : ['tls_config is for an address that begins with tls://']),
    ];
  },
};
