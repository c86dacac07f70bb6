import { linkTo, type Page } from '../state/address.ts';
import { useConsole } from '../state/console.ts';

export interface AreaView {
  readonly to: Exclude<Page, { name: 'nowhere' }>;
  readonly word: string;
  readonly here: boolean;
  /** What wants to be seen there, and what is counted. */
  readonly count?: string;
  readonly counted?: string;
}

/** The parts of an area that have an address of their own: links under its heading. */
export function AreaViews({ label, views }: { label: string; views: readonly AreaView[] }) {
  const { router } = useConsole();
  return (
    <nav class="views" aria-label={label}>
      {views.map(({ to, word, here, count, counted }) => (
        <a key={word} href={linkTo(to, router.search.value)} aria-current={here ? 'page' : undefined}>
          {word}
          {count !== undefined && (
            <span class="badge">
              {count}
              <span class="visually-hidden"> {counted}</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
