import type { ComponentChildren } from 'preact';
import { type Tab, tabs, type ViewState } from './view-state.ts';

interface Props {
  view: ViewState;
  set(changes: Partial<ViewState>): void;
  choose(tab: Tab): void;
  failures: number;
  /** No step is folded by the server. */
  whole: boolean;
  onFailure(by: 1 | -1): void;
  /** Whether there are stretches to press together, and repeated steps to fold. */
  hasIdle: boolean;
  hasFolds: boolean;
  /** "showing 1:16" */
  detail: string;
}

const titles: Readonly<Record<Tab, string>> = { timeline: 'Timeline', table: 'Table', graph: 'Graph', json: 'JSON' };

/** Which picture of the steps, and what of it. */
export function ViewBar({ view, set, choose, failures, whole, onFailure, hasIdle, hasFolds, detail }: Props) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = tabs[(tabs.indexOf(view.tab) + by + tabs.length) % tabs.length] ?? 'timeline';
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
    event.preventDefault();
  };
  return (
    <div class="view-bar">
      <div class="tabs" role="tablist" aria-label="Pictures of the steps" onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab}
            id={`tab-${tab}`}
            type="button"
            role="tab"
            aria-selected={view.tab === tab}
            aria-controls="steps"
            tabIndex={view.tab === tab ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {titles[tab]}
          </button>
        ))}
      </div>
      {(view.tab === 'timeline' || view.tab === 'table') && (
        <div class="view-options" role="group" aria-label="What is shown">
          <Toggle on={view.cp} onClick={() => set({ cp: !view.cp, failed: false })} title="Only the critical path (p)">
            Critical
          </Toggle>
          {failures > 0 && (
            <Toggle on={view.failed} onClick={() => set({ failed: !view.failed, cp: false })} title="Only what failed (f)">
              Failures
            </Toggle>
          )}
          {view.tab === 'timeline' && (hasFolds || view.fold === 'off') && (
            <Toggle
              on={view.fold === 'on'}
              onClick={() => set({ fold: view.fold === 'on' ? 'off' : 'on' })}
              title="More than 20 steps of one name and outcome are one row"
            >
              Fold repeated
            </Toggle>
          )}
          {view.tab === 'timeline' && (hasIdle || view.idle) && (
            <Toggle
              on={view.idle}
              onClick={() => set({ idle: !view.idle })}
              title="Press stretches together in which nothing runs (w)"
            >
              Compress idle
            </Toggle>
          )}
          {view.tab === 'timeline' && (
            <Toggle on={view.clock} onClick={() => set({ clock: !view.clock })} title="The axis shows the time of day">
              Clock
            </Toggle>
          )}
        </div>
      )}
      <span class="view-end">
        {detail !== '' && <span class="detail-note">{detail}</span>}
        {failures > 0 && (
          <span class="failure-ways">
            <button
              type="button"
              onClick={() => onFailure(-1)}
              aria-label="Previous failure (Shift N)"
              title="Previous failure (Shift N)"
            >
              ↑
            </button>
            <span>{failuresText(failures, whole)}</span>
            <button type="button" onClick={() => onFailure(1)} aria-label="Next failure (n)" title="Next failure (n)">
              ↓
            </button>
          </span>
        )}
      </span>
    </div>
  );
}

function Toggle(props: { on: boolean; onClick(): void; title: string; children: ComponentChildren }) {
  return (
    <button type="button" class="toggle" aria-pressed={props.on} onClick={props.onClick} title={props.title}>
      {props.children}
    </button>
  );
}

const failuresText = (failures: number, whole: boolean): string =>
  `${failures.toLocaleString('en')} ${whole ? 'failure' : 'row'}${failures === 1 ? '' : 's'}${whole ? '' : ' with failures'}`;
