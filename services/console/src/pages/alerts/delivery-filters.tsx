import { notificationLook, notificationStatuses } from '../../model/receiver.ts';

type Status = (typeof notificationStatuses)[number];

interface Filter {
  readonly status: readonly Status[];
  readonly receiver: string;
  readonly alert: string;
}

interface Props {
  state: Filter;
  /** Those there are. */
  receivers: readonly string[];
  onChange(change: Partial<Filter>): void;
}

/** Which messages are shown. */
export function DeliveryFilters({ state, receivers, onChange }: Props) {
  return (
    <div class="list-tools alert-tools">
      <div class="toggles" role="group" aria-label="Status of messages">
        {notificationStatuses.map((each) => {
          const { word, tone, sign } = notificationLook(each);
          const on = state.status.includes(each);
          return (
            <button
              key={each}
              type="button"
              aria-pressed={on}
              onClick={() => onChange({ status: on ? state.status.filter((other) => other !== each) : [...state.status, each] })}
            >
              <span class={`tone-${tone}`} aria-hidden="true">
                {sign}
              </span>{' '}
              {word}
            </button>
          );
        })}
      </div>
      <select
        aria-label="Receiver of messages"
        value={state.receiver}
        onChange={(event) => onChange({ receiver: event.currentTarget.value })}
      >
        <option value="">To any receiver</option>
        {[...new Set([...receivers, state.receiver])].filter(Boolean).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <input
        type="search"
        class="delivery-alert"
        aria-label="About the alert"
        placeholder="Fingerprint of an alert"
        spellcheck={false}
        pattern="[0-9a-f]{16}"
        title="16 hex digits"
        value={state.alert}
        onChange={(event) => event.currentTarget.checkValidity() && onChange({ alert: event.currentTarget.value.trim() })}
      />
    </div>
  );
}
