// What sinks say: a notification through the templates of the configuration.
import { dataValue, type NotificationData } from '../domain/template/notification-data.ts';
import { TemplateFault } from '../domain/template/template-fault.ts';
import { type TemplateSet, templateSet } from '../domain/template/template-set.ts';
import type { NotificationDoc } from '../ports.ts';
import { SinkFault } from './sink-answer.ts';

export interface Fit {
  /** UTF-16 units. */
  readonly most: number;
  readonly html?: boolean;
}

/** The texts of one message. A template that fails does not keep the alert from being told: `faults` says which one did. */
export interface Rendering {
  /** A text of the message; if its template fails, `fallback` by the default templates. */
  text(field: string, template: string, fallback?: string): string;
  /** A text that tells of each alert: whole, or of as many alerts as fit and a sentence that says how many are left out. */
  fitted(field: string, template: string, fallback: string, fit: Fit): string;
  /** A text without which there is no message. @throws SinkFault, permanent */
  needed(field: string, template: string): string;
  readonly faults: ReadonlySet<string>;
}

/** The templates there are without a file of a configuration. */
const defaults = templateSet([]);
/** More are not rendered into one text: nobody reads them, and a template may work on each of them only for so long. */
const mostAlerts = 1_000;

export function renderingOf(templates: TemplateSet, doc: NotificationDoc, nowMs: number): Rendering {
  const faults = new Set<string>();
  const whole = dataValue(dataOf(doc));
  const total = doc.alerts.length;
  const first = (alerts: number) =>
    alerts === total ? whole : dataValue(dataOf({ ...doc, alerts: doc.alerts.slice(0, alerts) }));
  const attempt = (set: TemplateSet, template: string, alerts: number, html: boolean): string | TemplateFault => {
    try {
      return set.render(template, first(alerts), nowMs, { html });
    } catch (error) {
      if (error instanceof TemplateFault) return error;
      throw error;
    }
  };
  const note = (field: string, { message }: TemplateFault): void =>
    void faults.add(`the template of ${field} failed: ${message}`);
  /** As much as fits; what the fault is if not even one alert can be rendered. */
  const fit = (set: TemplateSet, template: string, { most, html = false }: Fit): string | TemplateFault => {
    const room = most - 120;
    const fits = (text: string | TemplateFault): text is string => typeof text === 'string' && text.length <= room;
    const start = attempt(set, template, Math.min(total, mostAlerts), html);
    if (fits(start) && total <= mostAlerts) return start;
    let [told, above, text] = [0, Math.min(total, mostAlerts) + 1, ''];
    while (above - told > 1) {
      const middle = (told + above) >> 1;
      const part = attempt(set, template, middle, html);
      if (fits(part)) [told, text] = [middle, part];
      else above = middle;
    }
    if (told > 0)
      return withSentence(text, `${total - told} of ${total} alerts are left out here, as the message would be too long.`, html);
    const one = attempt(set, template, Math.min(1, total), html);
    if (typeof one !== 'string') return one;
    return html ? '' : withSentence(cutTo(one, room), 'The rest is left out: it would be too long.', html);
  };
  return {
    faults,
    text: (field, template, fallback = '') => {
      const text = attempt(templates, template, total, false);
      if (typeof text === 'string') return text;
      note(field, text);
      const instead = attempt(defaults, fallback, total, false);
      return typeof instead === 'string' ? instead : '';
    },
    fitted: (field, template, fallback, limits) => {
      const text = fit(templates, template, limits);
      if (typeof text === 'string') return text;
      note(field, text);
      const instead = fit(defaults, fallback, limits);
      return typeof instead === 'string' ? instead : '';
    },
    needed: (field, template) => {
      const text = attempt(templates, template, total, false);
      if (typeof text === 'string') return text;
      throw new SinkFault(`the template of ${field} failed: ${text.message}`, true);
    },
  };
}

function withSentence(text: string, sentence: string, html: boolean): string {
  if (!html) return `${text}\n${sentence}`;
  const end = text.lastIndexOf('</body>');
  return end < 0 ? `${text}<p>${sentence}</p>` : `${text.slice(0, end)}<p>${sentence}</p>\n${text.slice(end)}`;
}

const dataOf = (doc: NotificationDoc): NotificationData => ({
  receiver: doc.receiver,
  status: doc.status,
  alerts: doc.alerts.map((alert) => ({
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAtMs: Date.parse(alert.startsAt),
    endsAtMs: alert.status === 'firing' ? undefined : Date.parse(alert.endsAt),
    generatorUrl: alert.generatorURL,
    fingerprint: alert.fingerprint,
  })),
  groupLabels: doc.groupLabels,
  commonLabels: doc.commonLabels,
  commonAnnotations: doc.commonAnnotations,
  externalUrl: doc.externalURL,
});

/** At most so many UTF-16 units, no character halved; a cut text ends with an ellipsis. */
export const cutTo = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** The same, counted in characters (code points). */
export function cutToCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
