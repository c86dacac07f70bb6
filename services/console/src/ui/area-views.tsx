import { linkTo, type Page } from '../state/address.ts';
import { useConsole } from '../state/console.ts';

export interface AreaView {
  readonly to: Exclude<Page, { name: 'nowhere' }>;
  readonly word: string;
  readonly here: boolean;
}

/** The parts of an area that have an address of their own: links under its heading. */
export function AreaViews({ label, views }: { label: string; views: readonly AreaView[] }) {
  const { router } = useConsole();
  return (
    <nav class="views" aria-label={label}>
      {views.map(({ to, word, here }) => (
        <a key={word} href={linkTo(to, router.search.value)} aria-current={here ? 'page' : undefined}>
          {word}
        </a>
      ))}
    </nav>
  );
}
