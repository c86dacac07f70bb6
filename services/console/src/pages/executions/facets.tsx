import { facetTerm, type ListState, withTerm } from '../../model/list-filter.ts';
import { type Facet, formatTotal, type Summary } from '../../model/listing.ts';
import { formatCount } from '../../model/quantity.ts';
import { memo } from '../../ui/memo.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

interface Props {
  summary: Summary;
  state: ListState;
  onChange(change: Partial<ListState>): void;
}

const titles: Readonly<Record<string, string>> = {
  status: 'State',
  workflow: 'Workflow',
  version: 'Version',
  origin: 'Imported from',
  error: 'Error',
  'failed-at': 'Failed at',
};
const without: Readonly<Record<string, string>> = {
  origin: 'not imported',
  error: 'none',
  version: 'none',
  workflow: 'none',
  'failed-at': 'no step',
};
const shownAtOnce = 8;

/** What the executions that match are, with counts; a click keeps only those. */
export const Facets = memo(function Facets({ summary, state, onChange }: Props) {
  const told = summary.facets.filter(({ key, values }) => key === 'status' || values.some(({ value }) => value !== ''));
  return (
    <div class="facets">
      {told.map((facet) => (
        <FacetList key={facet.key} {...{ facet, state, onChange }} estimated={summary.estimated} total={summary.total} />
      ))}
    </div>
  );
});

interface ListProps extends Omit<Props, 'summary'> {
  facet: Facet;
  estimated: boolean;
  total: number;
}

function FacetList({ facet: { key, values, otherValues, others }, state, onChange, estimated, total }: ListProps) {
  const choose = (value: string): void => {
    if (key === 'status') onChange({ status: state.status.join() === value ? [] : [value] });
    else onChange({ q: withTerm(state.q, facetTerm(key, value)) });
  };
  const row = ({ value, count }: Facet['values'][number]) => (
    <li key={value}>
      <button
        type="button"
        class="facet"
        aria-pressed={key === 'status' && state.status.includes(value)}
        onClick={() => choose(value)}
      >
        {/* How much of the whole, for the eye. */}
        <svg class="facet-share" width="100%" height="100%" aria-hidden="true" preserveAspectRatio="none">
          <rect width={`${(100 * count) / Math.max(1, total)}%`} height="100%" />
        </svg>
        <span class="facet-value">
          {key === 'status' ? <StatusMark status={value} /> : value || <span class="quiet">{without[key] ?? 'none'}</span>}
        </span>
        <span class="facet-count">{estimated ? formatTotal(count, true).replace('about ', '≈ ') : formatCount(count)}</span>
      </button>
    </li>
  );
  const more = values.slice(shownAtOnce);
  return (
    <section>
      <h2>{titles[key] ?? key}</h2>
      <ul>{values.slice(0, shownAtOnce).map(row)}</ul>
      {more.length > 0 && (
        <details>
          <summary>{more.length} more</summary>
          <ul>{more.map(row)}</ul>
        </details>
      )}
      {otherValues > 0 && (
        <p class="quiet">
          {otherValues.toLocaleString('en')} others: {formatTotal(others, estimated)}
        </p>
      )}
    </section>
  );
}
