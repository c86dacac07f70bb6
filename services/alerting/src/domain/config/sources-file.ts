// The sources file: topics whose records rules see, and how.
import { atrEventTypes } from '@tmws/detection';
import { isSeq } from 'yaml';
import { type AgentMapping, securitySource, type SourceMapping } from '../detection/source-mapping.ts';
import { list, object, parsed, record, text } from './readers.ts';
import { ConfigFaults, isEmpty, type Place, type Reader, Reading } from './yaml-reading.ts';

/**
 * The sources a text holds, `tmws.security` first: it is always one, and what the file says of it comes before what is known of it.
 *
 *   S1  an unknown field, a topic that stands twice, that is `tmws.alert` or a dead-letter topic, and an agent's event without type or
 *       content are mistakes; ConfigFaults has all of them, each with its line and path
 */
export function parseSources(source: string): readonly SourceMapping[] {
  const reading = new Reading(source);
  const root = reading.root();
  const read = reading.faults.length > 0 || isEmpty(root) ? undefined : object({ sources: list(mapping) })(root);
  const known = new Map<string, SourceMapping>();
  for (const { at, ...each } of read?.sources ?? []) {
    if (known.has(each.topic)) reading.fault(at, `the topic ${JSON.stringify(each.topic)} stands twice; put both into one`);
    known.set(each.topic, each);
  }
  if (reading.faults.length > 0) throw new ConfigFaults(reading.faults.toSorted((a, b) => a.line - b.line));
  const own = known.get(securitySource.topic);
  known.delete(securitySource.topic);
  return [own === undefined ? securitySource : overSecurity(own), ...known.values()];
}

/** What the file says, before what is known. */
function overSecurity(given: SourceMapping): SourceMapping {
  return { ...securitySource, ...given, fields: new Map([...securitySource.fields, ...given.fields]) };
}

const topicName = parsed(
  (value) => (/^[a-zA-Z0-9._-]{1,249}$/.test(value) && !value.endsWith('.dlq') && value !== 'tmws.alert' ? value : undefined),
  'a topic of Kafka that is neither tmws.alert, which is made of what rules find, nor a dead-letter topic (.dlq)',
);
const namespaceName = parsed(
  (value) => (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value) ? value : undefined),
  '1 to 63 characters of a-z, 0-9 and -; a path to it is namespace_from',
);
const word = parsed((value) => (value.trim() === '' ? undefined : value.trim().toLowerCase()), 'a word of the taxonomy of Sigma');
const agentType = parsed(
  (value) => (atrEventTypes.some((type) => type === value) ? value : undefined),
  `one of ${atrEventTypes.join(', ')}; a path to it is type_from`,
);

const logsourceFields = object({ category: word, product: word, service: word });
const agentFields = object({ type: agentType, type_from: text, content: text, fields: record(text) });

/** One, or a list of them. */
const oneOrMore =
  <T>(each: Reader<T>): Reader<readonly T[]> =>
  (place) => {
    if (isEmpty(place)) return undefined;
    if (isSeq(place.node)) return list(each)(place);
    const one = each(place);
    return one === undefined ? undefined : [one];
  };

const agent: Reader<AgentMapping> = (place) => {
  const { length: before } = place.reading.faults;
  const read = agentFields(place);
  if (read === undefined) return undefined;
  const { type = '', type_from: typePath = '', content = '', fields = {} } = read;
  if (place.reading.faults.length === before) {
    if ((type === '') === (typePath === '')) place.reading.fault(place, 'needs type or type_from, and not both');
    if (content === '') place.reading.fault(place, 'needs content, the path to what was said or called');
  }
  return { type, typePath, content, fields };
};

const mappingFields = object({
  topic: topicName,
  logsource: logsourceFields,
  fields: record(oneOrMore(text)),
  atr: oneOrMore(agent),
  time: text,
  namespace: namespaceName,
  namespace_from: text,
});

const mapping: Reader<SourceMapping & { readonly at: Place }> = (place) => {
  const { length: before } = place.reading.faults;
  const read = mappingFields(place);
  if (read === undefined) return undefined;
  const { topic, logsource, fields = {}, atr = [], time = '', namespace = 'default', namespace_from: namespacePath = '' } = read;
  if (topic === undefined) {
    if (place.reading.faults.length === before) place.reading.fault(place, 'needs topic');
    return undefined;
  }
  const { category, product, service } = logsource ?? {};
  const sets = {
    ...(category !== undefined && { category: [category] }),
    ...(product !== undefined && { product: [product] }),
    ...(service !== undefined && { service: [service] }),
  };
  return {
    topic,
    ...(logsource !== undefined && { logsource: sets }),
    fields: new Map(Object.entries(fields).map(([name, paths]) => [name.toLowerCase(), paths])),
    agents: atr,
    ...{ time, namespace, namespacePath, at: place },
  };
};
