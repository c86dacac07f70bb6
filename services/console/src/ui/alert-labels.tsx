import type { Matcher } from '../model/label-matcher.ts';

interface Props {
  labels: readonly (readonly [name: string, value: string])[];
  /** A click keeps those that have it. Undefined: they are only to be read. */
  onChoose: ((matcher: Matcher) => void) | undefined;
}

/** Labels, each a way to see what else has it. */
export function AlertLabels({ labels, onChoose }: Props) {
  if (labels.length === 0) return null;
  return (
    <ul class="labels" aria-label="Labels">
      {labels.map(([name, value]) => (
        <li key={name}>
          {onChoose === undefined ? (
            <span class="label">
              <LabelWords {...{ name, value }} />
            </span>
          ) : (
            <button
              type="button"
              class="label"
              title={`Only ${name}="${value}"`}
              onClick={() => onChoose({ name, operator: '=', value })}
            >
              <LabelWords {...{ name, value }} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function LabelWords({ name, value }: { name: string; value: string }) {
  return (
    <>
      <span class="label-name">{name}</span> <span class="label-value">{value === '' ? '(empty)' : value}</span>
    </>
  );
}
