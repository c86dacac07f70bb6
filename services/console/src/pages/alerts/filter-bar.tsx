import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { type AlertsState, filterChips, isFiltered, noFilter } from '../../model/alert-filter.ts';
import type { AlertGroup } from '../../model/alert-group.ts';
import { parseMatcher, splitMatchers, withMatcher } from '../../model/label-matcher.ts';

interface Props {
  state: AlertsState;
  groups: readonly AlertGroup[];
  /** What is shown is over: what muted it then is not known. */
  past?: boolean;
  /** What the server said of the matchers. */
  fault: string | undefined;
  onChange(change: Partial<AlertsState>): void;
}

/** Which alerts are shown: matchers, and what is asked for most often as one press. */
export function FilterBar({ state, groups, fault, past = false, onChange }: Props) {
  const receivers = [...new Set([state.receiver, ...groups.map(({ receiver }) => receiver)])].filter(Boolean).toSorted();
  return (
    <>
      <div class="list-tools alert-tools">
        <MatcherBox {...{ state, fault, onChange }} />
        <select
          aria-label="Acknowledged"
          value={state.acknowledged}
          onChange={(event) => onChange({ acknowledged: event.currentTarget.value as AlertsState['acknowledged'] })}
        >
          <option value="any">Acknowledged or not</option>
          <option value="no">Not acknowledged</option>
          <option value="yes">Acknowledged</option>
        </select>
        {!past && (
          <select
            aria-label="State"
            value={state.state}
            onChange={(event) => onChange({ state: event.currentTarget.value as AlertsState['state'] })}
          >
            <option value="any">Any state</option>
            <option value="active">Active</option>
            <option value="suppressed">Suppressed</option>
            <option value="damped">Damped</option>
          </select>
        )}
        {receivers.length > 1 && (
          <select
            aria-label="Receiver"
            value={state.receiver}
            onChange={(event) => onChange({ receiver: event.currentTarget.value })}
          >
            <option value="">Any receiver</option>
            {receivers.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
        <button type="button" aria-pressed={state.mine} onClick={() => onChange({ mine: !state.mine })}>
          Mine
        </button>
      </div>
      {isFiltered(state) && (
        <ul class="chips" aria-label="Filters in force">
          {filterChips(state).map(({ id, words, without }) => (
            <li key={id}>
              <button type="button" class="chip" onClick={() => onChange(without)}>
                {words} <span aria-hidden="true">✕</span>
                <span class="visually-hidden">: take this filter away</span>
              </button>
            </li>
          ))}
          <li>
            <button type="button" class="link" onClick={() => onChange(noFilter)}>
              Clear
            </button>
          </li>
        </ul>
      )}
    </>
  );
}

/** Takes a matcher at a time; a word alone is looked for in names. What the server refuses is said here. */
function MatcherBox({ state, fault, onChange }: Pick<Props, 'state' | 'fault' | 'onChange'>) {
  const text = useSignal('');
  const id = useId();
  const add = (event: Event): void => {
    event.preventDefault();
    const written = text.value.trim();
    if (written === '') return;
    text.value = '';
    onChange({ filter: splitMatchers(written).reduce(withPart, state.filter) });
  };
  return (
    <search class="query matcher-box">
      <form onSubmit={add}>
        <input
          type="search"
          aria-label="Filter by labels: a name, or matchers such as severity=critical"
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : id}
          placeholder={'A name, or service="checkout", job=~"api.*"'}
          value={text.value}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="none"
          enterkeyhint="search"
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </form>
      {fault !== undefined && (
        <p class="query-fault" id={id}>
          {fault}
        </p>
      )}
    </search>
  );
}

function withPart(filter: string, part: string): string {
  const matcher = parseMatcher(part);
  if (matcher !== undefined) return withMatcher(filter, matcher);
  if (/^[\w.:\- ]+$/.test(part)) {
    const value = `.*${part.replaceAll('.', String.raw`\.`)}.*`;
    return withMatcher(filter, { name: 'alertname', operator: '=~', value });
  }
  // The server says what is wrong with it.
  return [filter, part].filter(Boolean).join(', ');
}
