import { chipsOf, type ListState, nothingFiltered } from '../../model/list-filter.ts';
import type { Summary } from '../../model/listing.ts';
import { NothingMatches } from '../../ui/empty.tsx';
import { instantWords } from './chips.tsx';
import { useHidden } from './use-hidden.ts';

interface Props {
  state: ListState;
  summary: Summary | undefined;
  onChange(change: Partial<ListState>): void;
}

/** There are executions, but none that match: which filters there are, and how many lie outside. */
export function NoneMatch({ state, summary, onChange }: Props) {
  // Where its terms begin and end is known with the first counts.
  const chips = summary === undefined ? [] : chipsOf(state, summary.terms, instantWords);
  const hidden = useHidden(state, chips, summary?.inNamespace ?? 0);
  const filters = chips.flatMap(({ id, words, without }) =>
    without === undefined ? [] : [{ words, hides: hidden.get(id), clear: () => onChange(without) }],
  );
  const { atAnyTime = 0, inNamespace = 0 } = summary ?? {};
  const many = (count: number): string => (count < 0 ? 'Many' : count.toLocaleString('en'));
  const timed = state.range !== '' || state.from !== '' || state.to !== '';
  return (
    <NothingMatches what="executions" filters={filters} clearAll={() => onChange(nothingFiltered)}>
      {timed && atAnyTime !== 0 ? (
        <p>
          {many(atAnyTime)} {atAnyTime === 1 ? 'execution exists' : 'executions exist'} outside{' '}
          {state.range === '' ? 'the chosen range' : `the last ${state.range}`}.{' '}
          <button type="button" class="link" onClick={() => onChange({ range: '', from: '', to: '' })}>
            Show any time
          </button>
        </p>
      ) : (
        inNamespace !== 0 && (
          <p>
            {many(inNamespace)} {inNamespace === 1 ? 'execution exists' : 'executions exist'} without these filters.
          </p>
        )
      )}
    </NothingMatches>
  );
}
