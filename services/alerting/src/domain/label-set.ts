// Labels: what an alert is known by. Names and values are text; an empty value means the label is not there.
import { compareText, goQuote } from './go-text.ts';

/**
 * Names and their values. Made with `Object.fromEntries`, read with `labelValue`: names like `constructor` and `__proto__` are
 * ordinary labels.
 */
export type LabelSet = Readonly<Record<string, string>>;

/** Which names are allowed: `classic` is `[a-zA-Z_][a-zA-Z0-9_]*`; `utf8` is any non-empty text (Alertmanager 0.27 and later). */
export type NameMode = 'classic' | 'utf8';

/** Caps on what one alert may bring. Alertmanager has none; without them one client can fill the store. Lengths in UTF-16 units. */
export interface LabelLimits {
  readonly labels: number;
  readonly nameLength: number;
  readonly valueLength: number;
  readonly annotations: number;
  readonly annotationLength: number;
}

export const defaultLabelLimits: LabelLimits = {
  labels: 128,
  nameLength: 1024,
  valueLength: 8192,
  annotations: 128,
  annotationLength: 65_536,
};

const classicName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export const isLabelName = (name: string, mode: NameMode): boolean =>
  mode === 'classic' ? classicName.test(name) : name !== '' && name.isWellFormed();

/** The value, and '' where the label is not there: a matcher knows no difference. */
export const labelValue = (labels: LabelSet, name: string): string => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '');

/** Names in the order Go sorts them. */
export const labelNames = (labels: LabelSet): string[] => Object.keys(labels).sort(compareText);

/** Without labels of an empty value; they mean "not there". */
export const withoutEmpty = (labels: LabelSet): LabelSet =>
  Object.values(labels).includes('') ? Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')) : labels;

/** The labels of these names, where they are there. */
export const pickLabels = (labels: LabelSet, names: Iterable<string>): LabelSet =>
  Object.fromEntries([...names].filter((name) => Object.hasOwn(labels, name)).map((name) => [name, labelValue(labels, name)]));

/** What all sets agree on; of no set, nothing. */
export function commonLabels(sets: readonly LabelSet[]): LabelSet {
  const [first, ...rest] = sets;
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((set) => Object.hasOwn(set, name) && set[name] === value)),
  );
}

/** `{alertname="Down", job="api"}`: as Go's model writes a label set, and so the second half of a group key. */
export const formatLabels = (labels: LabelSet): string =>
  `{${labelNames(labels)
    .map((name) => `${name}=${goQuote(labelValue(labels, name))}`)
    .join(', ')}}`;

/** What a set of labels or annotations may not be, each as a sentence that names it. */
export function labelFaults(labels: LabelSet, of: 'label' | 'annotation', mode: NameMode, limits: LabelLimits): string[] {
  const entries = Object.entries(labels);
  const most = of === 'label' ? limits.labels : limits.annotations;
  const longest = of === 'label' ? limits.valueLength : limits.annotationLength;
  if (entries.length > most) return [`an alert has at most ${most} ${of}s (got ${entries.length}); send fewer`];
  return entries.flatMap(([name, value]) => {
    if (name.length > limits.nameLength) {
      return [`${of} name "${name.slice(0, 40)}…" has ${name.length} characters; at most ${limits.nameLength} are allowed`];
    }
    if (!isLabelName(name, mode)) {
      const allowed = mode === 'classic' ? '[a-zA-Z_][a-zA-Z0-9_]*' : 'any non-empty UTF-8 text';
      return [`${of} name ${goQuote(name)} is not valid; allowed is ${allowed}`];
    }
    if (value.length > longest) {
      return [`${of} ${goQuote(name)} has ${value.length} characters; at most ${longest} are allowed: cut it, or link to it`];
    }
    return value.isWellFormed() ? [] : [`${of} ${goQuote(name)} is not valid UTF-8`];
  });
}
