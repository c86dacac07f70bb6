import { useSignal } from '@preact/signals';
import type { SummarizeResponseJson } from '@tmws/contracts/listing';
import { useEffect } from 'preact/hooks';
import { type Chip, filterQuery, hiddenBy, type ListState, nothingFiltered } from '../../model/list-filter.ts';
import { useConsole } from '../../state/console.ts';

/** Each is a question of its own to the server. */
const mostAsked = 8;

/** Of filters that together let nothing through: how many each hides by itself, by the id of its chip, as they become known. @param all  there are; -1: many */
export function useHidden(state: ListState, chips: readonly Chip[], all: number): ReadonlyMap<string, string> {
  const { api } = useConsole();
  const hidden = useSignal<ReadonlyMap<string, string>>(new Map());
  const asked = chips.filter(({ without }) => without !== undefined).slice(0, mostAsked);
  const about = JSON.stringify([all, ...asked.map(({ id, alone }) => [id, alone])]);
  useEffect(() => {
    const leaving = new AbortController();
    hidden.value = new Map();
    const count = async ({ id, alone }: Chip): Promise<void> => {
      const query = filterQuery({ ...state, ...nothingFiltered, ...alone }, Date.now());
      const { total = '0' } = await api.get<SummarizeResponseJson>('executions/summary', query, leaving.signal);
      const words = hiddenBy(Number(total), all);
      if (!leaving.signal.aborted && words !== undefined) hidden.value = new Map([...hidden.value, [id, words]]);
    };
    // Without a number a chip still says what it is.
    for (const chip of asked) void count(chip).catch(() => undefined);
    return () => leaving.abort();
  }, [api, about]);
  return hidden.value;
}
