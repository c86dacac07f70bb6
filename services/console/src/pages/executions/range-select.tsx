import type { ListState } from '../../model/list-filter.ts';

const ranges = [
  ['', 'Any time'],
  ['15m', 'Last 15 min'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 h'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const;

/** The range of time: one that moves with the clock, or what the histogram chose. */
export function RangeSelect({ state, onChange }: { state: ListState; onChange(change: Partial<ListState>): void }) {
  const fixed = state.range === '' && (state.from !== '' || state.to !== '');
  const known = ranges.some(([value]) => value === state.range);
  return (
    <label>
      <span class="visually-hidden">Range of time</span>
      <select
        value={fixed ? 'fixed' : state.range}
        onChange={(event) =>
          event.currentTarget.value !== 'fixed' && onChange({ range: event.currentTarget.value, from: '', to: '' })
        }
      >
        {ranges.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
        {!known && <option value={state.range}>Last {state.range}</option>}
        {fixed && <option value="fixed">Chosen range</option>}
      </select>
    </label>
  );
}
