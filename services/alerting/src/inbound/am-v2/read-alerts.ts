import type { Request } from '@tmws/http';
import type { PostedAlert } from '../../domain/alert.ts';
import type { LabelSet } from '../../domain/label-set.ts';
import { isFields, kindOf, own, readJson, rfc3339Of, textField, unparsed } from './read-json.ts';
import { refused, required } from './refusal.ts';

/** The alerts of `POST /alerts`. What Alertmanager's binding refuses refuses them all. @throws Refusal, Problem `too_large` */
export async function readAlerts(request: Request): Promise<PostedAlert[]> {
  const body = await readJson(request, 'alerts');
  if (body === undefined) throw required('alerts');
  if (body === null) return [];
  if (!Array.isArray(body)) throw unparsed('alerts', `it must be an array of alerts (got ${kindOf(body)})`);
  return body.map(readAlert);
}

function readAlert(each: unknown, index: number): PostedAlert {
  if (!isFields(each)) throw unparsed('alerts', `${index} must be an object (got ${kindOf(each)})`);
  const labels = labelSet(own(each, 'labels'), `${index}.labels`);
  if (labels === undefined) throw required(`${index}.labels`);
  const generatorURL = textField(each, 'generatorURL', 'alerts');
  if (generatorURL !== undefined && !isUri(generatorURL)) {
    throw refused(601, `${index}.generatorURL in body must be of type uri: ${JSON.stringify(generatorURL.slice(0, 200))}`);
  }
  return {
    labels,
    annotations: labelSet(own(each, 'annotations'), `${index}.annotations`),
    startsAt: rfc3339Of(textField(each, 'startsAt', 'alerts')),
    endsAt: rfc3339Of(textField(each, 'endsAt', 'alerts')),
    generatorURL,
  };
}

function labelSet(value: unknown, field: string): LabelSet | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) throw unparsed('alerts', `${field} must be an object (got ${kindOf(value)})`);
  let nulls = false;
  for (const [name, text] of Object.entries(value)) {
    if (text === null) nulls = true;
    else if (typeof text !== 'string') {
      throw unparsed('alerts', `${field}.${name.slice(0, 100)} must be a string (got ${kindOf(text)})`);
    }
  }
  if (!nulls) return value as LabelSet;
  return Object.fromEntries(Object.entries(value as Record<string, string | null>).map(([name, text]) => [name, text ?? '']));
}

/** What Go's `url.ParseRequestURI` takes, nearly: empty, a path from the root, or an address with a scheme. */
function isUri(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed()) return false;
  return text === '' || text.startsWith('/') || /^[a-zA-Z][a-zA-Z0-9+.-]*:(?!$)/.test(text);
}
