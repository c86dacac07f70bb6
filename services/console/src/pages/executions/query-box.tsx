import { useSignal } from '@preact/signals';
import type { SuggestResponseJson } from '@tmws/contracts/listing';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useConsole } from '../../state/console.ts';

interface Fault {
  start: number;
  end: number;
  message: string;
}

interface Props {
  q: string;
  /** What the list said of `q`. */
  fault: Fault | undefined;
  onApply(q: string): void;
}

const suggestAfterMs = 120;
const applyAfterMs = 600;

/**
 * The query, with completion: a combobox after the ARIA pattern (list autocomplete, manual selection). What is written is applied by
 * Enter, by leaving the box, and after a pause as long as nothing is wrong with it. A wrong word is underlined and explained.
 */
export function QueryBox({ q, fault: said, onApply }: Props) {
  const { api } = useConsole();
  const input = useRef<HTMLInputElement>(null);
  const under = useRef<HTMLDivElement>(null);
  const text = useSignal(q);
  const open = useSignal(false);
  const active = useSignal(-1);
  const answer = useSignal<{ q: string; start: number; end: number; items: Item[]; fault: Fault | undefined } | undefined>(
    undefined,
  );
  const timers = useRef<{ suggest?: ReturnType<typeof setTimeout>; apply?: ReturnType<typeof setTimeout> }>({});
  const id = useId();
  // The address may change under the box: Back, a chip, a facet.
  useEffect(() => {
    if (text.value.trim() !== q) text.value = q;
  }, [q]);
  useEffect(() => () => [timers.current.suggest, timers.current.apply].forEach(clearTimeout), []);

  const apply = (): void => {
    [timers.current.suggest, timers.current.apply].forEach(clearTimeout);
    open.value = false;
    if (text.value.trim() !== q) onApply(text.value.trim());
  };
  const suggest = async (show: boolean): Promise<void> => {
    const asked = text.value;
    const cursor = String(input.current?.selectionStart ?? asked.length);
    const json = await api.get<SuggestResponseJson>('executions/suggest', { q: asked, cursor }).catch(() => undefined);
    if (json === undefined || text.value !== asked) return;
    const { start = 0, end = 0, items = [], fault } = json;
    answer.value = {
      q: asked,
      start,
      end,
      items: items.map(({ text: each = '', note = '', count }) => ({ text: each, note, count })),
      fault: fault && { start: fault.start ?? 0, end: fault.end ?? 0, message: fault.message ?? '' },
    };
    active.value = -1;
    if (show) open.value = items.length > 0 && document.activeElement === input.current;
    if (fault === undefined)
      timers.current.apply = setTimeout(() => text.value.trim() !== q && onApply(text.value.trim()), applyAfterMs);
  };
  const suggestSoon = (): void => {
    [timers.current.suggest, timers.current.apply].forEach(clearTimeout);
    timers.current.suggest = setTimeout(() => void suggest(true), suggestAfterMs);
  };
  const choose = (item: Item): void => {
    const now = answer.value;
    if (now === undefined) return;
    const after = text.value.slice(now.end);
    const space = item.text.endsWith(':') || after.startsWith(' ') ? '' : ' ';
    const written = `${text.value.slice(0, now.start)}${item.text}${space}`;
    text.value = written + after;
    open.value = false;
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(written.length, written.length);
      suggestSoon();
    });
  };
  const items = open.value ? (answer.value?.items ?? []) : [];
  const onKeyDown = (event: KeyboardEvent): void => {
    const chosen = items[active.value];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (items.length === 0) return void suggest(true);
      const by = event.key === 'ArrowDown' ? 1 : -1;
      // From the last one on to the box itself, and round.
      active.value = ((active.value + 1 + by + items.length + 1) % (items.length + 1)) - 1;
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (chosen === undefined) apply();
      else choose(chosen);
    } else if (event.key === 'Tab' && chosen !== undefined) {
      event.preventDefault();
      choose(chosen);
    } else if (event.key === 'Escape' && open.value) {
      event.preventDefault();
      open.value = false;
    } else if (event.key === 'Escape') {
      event.preventDefault();
      input.current?.blur();
    }
  };
  // What is typed right now is not yet a mistake, nor is its end while there is something to complete it.
  const found = answer.value?.q === text.value ? answer.value.fault : text.value.trim() === q ? said : undefined;
  const fault = items.length > 0 && found?.end === text.value.length ? undefined : found;
  return (
    <search class="query">
      <div class="query-box">
        <div class="query-under" ref={under} aria-hidden="true">
          {fault !== undefined && (
            <>
              {text.value.slice(0, fault.start)}
              <mark>{text.value.slice(fault.start, fault.end)}</mark>
              {text.value.slice(fault.end)}
            </>
          )}
        </div>
        <input
          ref={input}
          type="search"
          role="combobox"
          list={undefined}
          aria-label="Query: words of an id, name or workflow, and key:value"
          aria-autocomplete="list"
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={active.value >= 0 && items.length > 0 ? `${id}-${active.value}` : undefined}
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : `${id}-fault`}
          value={text.value}
          placeholder="Words, or status:failed duration:>30s …"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="none"
          onInput={(event) => {
            text.value = event.currentTarget.value;
            suggestSoon();
          }}
          onFocus={() => text.value !== '' && suggestSoon()}
          onScroll={(event) => under.current !== null && (under.current.scrollLeft = event.currentTarget.scrollLeft)}
          onKeyDown={onKeyDown}
          onBlur={() => {
            open.value = false;
            if (fault === undefined) apply();
          }}
        />
      </div>
      <ul class="query-list" role="listbox" id={`${id}-list`} aria-label="Completions" hidden={items.length === 0}>
        {items.map((item, at) => (
          <li
            key={item.text}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active.value}
            // The box keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(item)}
          >
            <code>{item.text}</code>
            <span class="quiet">{item.count === undefined ? item.note : item.count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
      {fault !== undefined && (
        <p class="query-fault" id={`${id}-fault`}>
          {fault.message.replace(/^q at \d+: /, '')}
        </p>
      )}
    </search>
  );
}

interface Item {
  text: string;
  note: string;
  count: number | undefined;
}
