import { useSignal } from '@preact/signals';

/** Longer lists and objects are shown by and by. */
const mostAtOnce = 100;

/** A JSON value to open level by level. Nothing below a closed level is made. */
export function JsonTree({ value, name, depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  const open = useSignal(depth < 2);
  const most = useSignal(mostAtOnce);
  const label = name === undefined ? null : <span class="json-name">{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="json-leaf">
        {label}
        <span class={`json-${value === null ? 'null' : typeof value}`}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const entries: [string, unknown][] = Object.entries(value);
  const [before, after] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) {
    return (
      <div class="json-leaf">
        {label}
        {before}
        {after}
      </div>
    );
  }
  return (
    <details class="json-node" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        {label}
        <span class="quiet">
          {before}
          {entries.length}
          {after}
        </span>
      </summary>
      {open.value &&
        entries.slice(0, most.value).map(([key, each]) => <JsonTree key={key} name={key} value={each} depth={depth + 1} />)}
      {open.value && entries.length > most.value && (
        <button type="button" class="link" onClick={() => (most.value += mostAtOnce * 10)}>
          {entries.length - most.value} more
        </button>
      )}
    </details>
  );
}
