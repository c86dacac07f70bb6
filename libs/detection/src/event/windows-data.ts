// `<Data Name="User">x</Data>`, as the converters of XML write elements with attributes, each in its own way.

type Element = Readonly<Record<string, unknown>>;

const attributeKeys = ['#attributes', '@attributes', '$', '_attributes', 'attributes'];
const nameKeys = ['Name', '@Name', '_Name', '-Name', 'name', '@name'];
const textKeys = ['#text', '_', '__text', '_text', '$text', '$t', 'Value', 'value', 'content', 'text'];

/** The element; an array of one is that one, as converters write it that count on several. */
export function elementOf(value: unknown): Element | undefined {
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof one === 'object' && one !== null && !Array.isArray(one) ? (one as Element) : undefined;
}

/** The element under a key. */
export function inside(value: unknown, key: string): Element | undefined {
  return elementOf(elementOf(value)?.[key]);
}

export function isAttributes(key: string): boolean {
  return attributeKeys.includes(key);
}

/** The text of an element that has one; anything else as it is. */
export function textIn(value: unknown): unknown {
  const element = elementOf(value);
  const key = element === undefined ? undefined : textKeys.slice(0, 6).find((each) => Object.hasOwn(element, each));
  return key === undefined ? value : element?.[key];
}

/** The data of an event by name: `EventData`, `UserData`, or `winlog.event_data`. */
export function addData(fields: Map<string, unknown>, data: unknown): void {
  if (Array.isArray(data)) for (const each of data as unknown[]) if (!addNamed(fields, each)) addData(fields, each);
  const element = elementOf(data);
  if (element === undefined || Array.isArray(data)) return;
  for (const [key, value] of Object.entries(element)) {
    if (isAttributes(key)) continue;
    if (key === 'Data') for (const each of [value].flat()) addNamed(fields, each);
    fields.set(key, textIn(value));
    // Names lose their spaces: `Threat Name` is ThreatName.
    if (key.includes(' ')) fields.set(key.replaceAll(' ', ''), textIn(value));
  }
}

/** @returns whether it has a name */
function addNamed(fields: Map<string, unknown>, data: unknown): boolean {
  const element = elementOf(data);
  if (element === undefined) return false;
  const attributes = attributeKeys.map((key) => elementOf(element[key])).find((each) => each !== undefined);
  const name = [attributes, element]
    .flatMap((each) => nameKeys.map((key) => each?.[key]))
    .find((each) => typeof each === 'string' && each !== '');
  if (typeof name !== 'string') return false;
  const key = textKeys.find((each) => Object.hasOwn(element, each));
  fields.set(name, key === undefined ? null : element[key]);
  return true;
}
