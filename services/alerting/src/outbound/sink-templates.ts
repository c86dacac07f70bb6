// What sinks say: a notification through the templates of the configuration.
import { dataValue, type NotificationData } from '../domain/template/notification-data.ts';
import { TemplateFault } from '../domain/template/template-fault.ts';
import { type RenderOptions, type TemplateSet, templateSet } from '../domain/template/template-set.ts';
import type { NotificationDoc } from '../ports.ts';
import { SinkFault } from './sink-answer.ts';

/** The texts of one message. */
export interface Rendering {
  /**
   * A text of the message. A template that fails does not keep the alert from being told: `fallback` is rendered by the default
   * templates instead, and `faults` says so.
   */
  text(field: string, template: string, fallback?: string, options?: RenderOptions): string;
  /** A text without which there is no message. @throws SinkFault, permanent */
  needed(field: string, template: string): string;
  /** The same with only the first so many alerts. */
  first(alerts: number): Rendering;
  readonly faults: ReadonlySet<string>;
}

/** The templates there are without a file of a configuration. */
const defaults = templateSet([]);

export function renderingOf(templates: TemplateSet, doc: NotificationDoc, nowMs: number, faults = new Set<string>()): Rendering {
  const value = dataValue(dataOf(doc));
  return {
    faults,
    text: (field, template, fallback = '', options = {}) => {
      try {
        return templates.render(template, value, nowMs, options);
      } catch (error) {
        if (!(error instanceof TemplateFault)) throw error;
        faults.add(`the template of ${field} failed: ${error.message}`);
        return defaults.render(fallback, value, nowMs, options);
      }
    },
    needed: (field, template) => {
      try {
        return templates.render(template, value, nowMs);
      } catch (error) {
        if (!(error instanceof TemplateFault)) throw error;
        throw new SinkFault(`the template of ${field} failed: ${error.message}`, true);
      }
    },
    first: (alerts) => renderingOf(templates, { ...doc, alerts: doc.alerts.slice(0, alerts) }, nowMs, faults),
  };
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

/** At most so many characters (code points); a cut text ends with an ellipsis. */
export function cutTo(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/**
 * A text within `most` characters: whole, or of as many alerts as fit and a sentence that says how many were left out. `render` is
 * given how many alerts to tell of.
 */
export function fitAlerts(render: (alerts: number) => string, alerts: number, most: number): string {
  const whole = render(alerts);
  if (whole.length <= most) return whole;
  const sentence = (told: number): string =>
    `\n${alerts - told} of ${alerts} alerts are left out here, as the message would be too long.`;
  let [fits, above] = [0, alerts];
  while (above - fits > 1) {
    const middle = (fits + above) >> 1;
    if (render(middle).length + sentence(middle).length <= most) fits = middle;
    else above = middle;
  }
  const [text, left] = [render(fits), sentence(fits)];
  return text.length + left.length <= most
    ? text + left
    : `${cutTo(text, most - 60)}\nThe rest is left out: it would be too long.`;
}
