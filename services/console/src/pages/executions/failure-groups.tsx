import { type ListState, withTerm } from '../../model/list-filter.ts';
import type { FailureGroup, Summary } from '../../model/listing.ts';
import { formatAgo, formatInstant } from '../../model/when.ts';
import { useConsole } from '../../state/console.ts';
import { memo } from '../../ui/memo.ts';

interface Props {
  summary: Summary;
  state: ListState;
  onChange(change: Partial<ListState>): void;
}

/** Do the failures share a cause? One row of them, the largest first, of one height however many there are; a click keeps one. */
export const FailureGroups = memo(function FailureGroups({
  summary: { groups, failuresGrouped, moreFailures },
  state,
  onChange,
}: Props) {
  const choose = (q: string): void => onChange({ q: q.split(/ (?=-?[a-z-]+:)/).reduce(withTerm, state.q), status: [] });
  return (
    <section class="groups" aria-label="Failures by shared cause">
      {groups.length === 0 && <p class="quiet no-failures">None of these failed.</p>}
      {groups.length > 0 && (
        <ul>
          {groups.map((group) => (
            <li key={group.fingerprint}>
              <Group group={group} onChoose={() => choose(group.q)} />
            </li>
          ))}
          {moreFailures && (
            <li class="quiet more-failures">Of the latest {failuresGrouped.toLocaleString('en')} failures; there are more.</li>
          )}
        </ul>
      )}
    </section>
  );
});

/** "41 failed at tool.search, first 10 min ago": which step, which error, how many, since when. */
function Group({ group, onChoose }: { group: FailureGroup; onChoose(): void }) {
  const { clock } = useConsole();
  const { count, step, errorType, message, firstMs, lastMs } = group;
  const said = [errorType, message].filter((part) => part !== '').join(': ') || 'no error was told';
  const wallMs = clock.wall.value;
  return (
    <button
      type="button"
      class="group"
      onClick={onChoose}
      title={`${said}\nfirst ${formatInstant(firstMs)}, last ${formatInstant(lastMs)}`}
    >
      <span class="group-head">
        <strong>
          {count.toLocaleString('en')} failed{step !== '' && <> at {step}</>}
        </strong>
        <span class="quiet group-when">{count === 1 ? formatAgo(lastMs, wallMs) : `first ${formatAgo(firstMs, wallMs)}`}</span>
      </span>
      <span class="group-said">{said}</span>
    </button>
  );
}
