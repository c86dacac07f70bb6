// The rule SecurityEvent: what somebody saw and holds to be critical is an alert by itself.
import { formatInstant } from '../instant.ts';
import { cut, leastFiringMs, type Rule } from './rule.ts';

const name = 'SecurityEvent';

/** Nothing but that it was seen. */
export type SecurityEventState = Readonly<Record<string, never>>;

/**
 * The rule. Any event of `tmws.security` whose severity says critical, in any case, is one alert of its namespace; an event that comes
 * again makes none.
 *
 * @param firesForMs  how long it fires: an event has no end of its own
 */
export function securityEvent({ firesForMs }: { firesForMs: number }): Rule<SecurityEventState> {
  return {
    name,
    keysOf: (event) =>
      event.about === 'security' && event.severity.trim().toLowerCase() === 'critical' ? [`${event.source} ${event.id}`] : [],
    see(state, _, event, nowMs) {
      if (state !== undefined || event.about !== 'security') return { state: {}, alerts: [] };
      const { namespace, source, id, type, atMs, principal, sourceIp, method, resource, reason, attributes } = event;
      const who = [principal, sourceIp].filter((text) => text !== '').join(' from ');
      const where = [method, resource].filter((text) => text !== '').join(' ');
      const annotations = {
        summary: cut(`${reason === '' ? type : reason}${who === '' ? '' : `: ${who}`}`, 1000),
        ...(where !== '' && { description: cut(where, 2000) }),
        ...(attributes !== '' && { attributes: cut(attributes, 8000) }),
      };
      const labels = {
        alertname: name,
        tmws_source: 'security',
        severity: 'critical',
        event_type: type,
        event_id: id,
        event_source: source,
        ...(principal !== '' && { user: principal }),
        ...(sourceIp !== '' && { source_ip: sourceIp }),
      };
      const startsAt = formatInstant(atMs);
      const endsAt = formatInstant(nowMs + Math.max(firesForMs, leastFiringMs));
      return { state: {}, alerts: [{ namespace, posted: { labels, annotations, startsAt, endsAt } }] };
    },
  };
}
