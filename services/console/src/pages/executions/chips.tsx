import { chipsOf, isFiltered, type ListState, nothingFiltered } from '../../model/list-filter.ts';
import type { Summary } from '../../model/listing.ts';

interface Props {
  state: ListState;
  summary: Summary | undefined;
  onChange(change: Partial<ListState>): void;
}

export const instantWords = (text: string): string => {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
};

/** Every active filter and default, each with its way out. */
export function Chips({ state, summary, onChange }: Props) {
  return (
    <ul class="chips" aria-label="Filters in force">
      {chipsOf(state, summary?.terms ?? [], instantWords).map(({ id, words, without }) => (
        <li key={id}>
          {without === undefined ? (
            <span class="chip default">{words}</span>
          ) : (
            <button type="button" class="chip" onClick={() => onChange(without)}>
              {words} <span aria-hidden="true">✕</span>
              <span class="visually-hidden">: take this filter away</span>
            </button>
          )}
        </li>
      ))}
      {isFiltered(state) && (
        <li>
          <button type="button" class="link" onClick={() => onChange(nothingFiltered)}>
            Clear
          </button>
        </li>
      )}
    </ul>
  );
}
