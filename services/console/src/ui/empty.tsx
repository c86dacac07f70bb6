// Three kinds of empty that are never confused: nothing yet, nothing that matches, not to be had.
import type { ComponentChildren } from 'preact';

/** There is nothing at all yet. Says how the first one comes. */
export function NothingYet({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="empty">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** A filter that is set: in words, and how it is taken away. */
export interface SetFilter {
  /** "state is failed" */
  readonly words: string;
  /** How many it hides, by itself, where that is known: "12", "all". */
  readonly hides?: string | undefined;
  clear(): void;
}

interface NoMatchProps {
  /** In the plural, small: "executions". */
  what: string;
  filters: readonly SetFilter[];
  clearAll(): void;
  /** What lies outside: "5,120 executions are outside of the last 24 h". */
  children?: ComponentChildren;
}

/** There is something, but the filters hide it. Names them, each with a way to take it away. */
export function NothingMatches({ what, filters, clearAll, children }: NoMatchProps) {
  return (
    <section class="notice">
      <h2>No {what} match</h2>
      <ul class="chips">
        {filters.map(({ words, hides, clear }) => (
          <li key={words}>
            <button type="button" class="chip" onClick={clear}>
              {words}
              {hides !== undefined && <span class="quiet">hides {hides}</span>}
              <span aria-hidden="true">✕</span>
              <span class="visually-hidden">: take this filter away</span>
            </button>
          </li>
        ))}
      </ul>
      {children}
      {filters.length > 1 && (
        <button type="button" onClick={clearAll}>
          Clear all filters
        </button>
      )}
    </section>
  );
}

/** It is not allowed or not switched on here. Says who or what would change that. */
export function NotToBeHad({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="notice not-to-be-had">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
