import { useEffect, useRef } from 'preact/hooks';
import type { ListFilter } from '../../model/execution-list.ts';
import { executionStatuses, lookOf } from '../../model/status.ts';

interface Props {
  filter: ListFilter;
  onChange(change: Readonly<Record<string, string>>): void;
}

const typingPauseMs = 250;

/** Text and status, kept in the address. */
export function ExecutionsFilter({ filter, onChange }: Props) {
  const box = useRef<HTMLInputElement>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address may change under the box: Back, or "Clear the filter".
  useEffect(() => {
    if (box.current !== null && box.current.value.trim() !== filter.q) box.current.value = filter.q;
    return () => clearTimeout(pause.current);
  }, [filter.q]);
  const onInput = (): void => {
    clearTimeout(pause.current);
    pause.current = setTimeout(() => onChange({ q: box.current?.value.trim() ?? '' }), typingPauseMs);
  };
  return (
    <search class="filter">
      <label class="filter-text">
        <span class="visually-hidden">Part of an id, name or workflow</span>
        <input
          ref={box}
          type="search"
          defaultValue={filter.q}
          onInput={onInput}
          placeholder="Find by id, name or workflow"
          spellcheck={false}
        />
      </label>
      <label>
        <span class="visually-hidden">State</span>
        <select value={filter.status} onChange={(event) => onChange({ status: event.currentTarget.value })}>
          <option value="">Any state</option>
          {executionStatuses.map((status) => (
            <option key={status} value={status}>
              {lookOf(status).word}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}
