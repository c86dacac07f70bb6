import { type Matcher, type Operator, operators, operatorWords } from '../../model/label-matcher.ts';
import { Icon } from '../../ui/icon.tsx';

interface Props {
  matchers: readonly Matcher[];
  onChange(matchers: readonly Matcher[]): void;
}

/** Matchers, one a line; all must hold. */
export function MatcherRows({ matchers, onChange }: Props) {
  const change = (place: number, part: Partial<Matcher>): void =>
    onChange(matchers.map((matcher, at) => (at === place ? { ...matcher, ...part } : matcher)));
  return (
    <fieldset class="matchers">
      <legend>Alerts of which all of this holds</legend>
      {matchers.map(({ name, operator, value }, at) => (
        <div key={at} class="matcher">
          <input
            type="text"
            aria-label={`Label ${at + 1}`}
            placeholder="label"
            value={name}
            spellcheck={false}
            autocapitalize="none"
            autocomplete="off"
            onInput={(event) => change(at, { name: event.currentTarget.value })}
          />
          <select
            aria-label={`How label ${at + 1} is compared`}
            value={operator}
            onChange={(event) => change(at, { operator: event.currentTarget.value as Operator })}
          >
            {operators.map((each) => (
              <option key={each} value={each} aria-label={operatorWords[each]}>
                {each}
              </option>
            ))}
          </select>
          <input
            type="text"
            aria-label={`Value of label ${at + 1}`}
            placeholder={operator === '=~' || operator === '!~' ? 'regular expression' : 'value'}
            value={value}
            spellcheck={false}
            autocapitalize="none"
            autocomplete="off"
            onInput={(event) => change(at, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="plain"
            aria-label={`Take label ${at + 1} away`}
            disabled={matchers.length === 1}
            onClick={() => onChange(matchers.filter((_, place) => place !== at))}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
      <button type="button" class="link" onClick={() => onChange([...matchers, { name: '', operator: '=', value: '' }])}>
        And one more
      </button>
    </fieldset>
  );
}
