import { type ListState, withTerm } from '../../model/list-filter.ts';
import type { FailureGroup, Summary } from '../../model/listing.ts';
import { formatAgo, formatInstant } from '../../model/when.ts';
import { useConsole } from '../../state/console.ts';

interface Props {
  summary: Summary;
  state: ListState;
  onChange(change: Partial<ListState>): void;
}

const shownAtOnce = 3;

/** Do the failures share a cause? The largest first; a click keeps one. */
export function FailureGroups({ summary: { groups, failuresGrouped, moreFailures }, state, onChange }: Props) {
  if (groups.length === 0) return null;
  const card = (group: FailureGroup) => (
    <li key={group.fingerprint}>
      <Group
        group={group}
        onChoose={() => onChange({ q: group.q.split(/ (?=[a-z-]+:)/).reduce(withTerm, state.q), status: [] })}
      />
    </li>
  );
  const rest = groups.slice(shownAtOnce);
  return (
    <section class="groups" aria-label="Failures by shared cause">
      <ul>{groups.slice(0, shownAtOnce).map(card)}</ul>
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more causes</summary>
          <ul>{rest.map(card)}</ul>
        </details>
      )}
      {moreFailures && <p class="quiet">Of the latest {failuresGrouped.toLocaleString('en')} failures; there are more.</p>}
    </section>
  );
}

function Group({ group, onChoose }: { group: FailureGroup; onChoose(): void }) {
  const { clock } = useConsole();
  const { count, step, errorType, message, firstMs, lastMs } = group;
  const said = [errorType, message].filter((part) => part !== '').join(': ') || 'no error was told';
  return (
    <button type="button" class="group" onClick={onChoose} title={said}>
      <strong>
        {count.toLocaleString('en')} failed{step !== '' && <> at {step}</>}
      </strong>
      <span class="group-said">{said}</span>
      <span class="quiet" title={`${formatInstant(firstMs)} to ${formatInstant(lastMs)}`}>
        {count === 1
          ? formatAgo(lastMs, clock.wall.value)
          : `first ${formatAgo(firstMs, clock.wall.value)}, last ${formatAgo(lastMs, clock.wall.value)}`}
      </span>
    </button>
  );
}
