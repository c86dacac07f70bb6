import { useRef } from 'preact/hooks';
import { linkTo, withParameters } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { AccountMenu } from './account-menu.tsx';
import { Icon } from './icon.tsx';
import { LivePill } from './live-pill.tsx';
import { NamespaceSwitch } from './namespace-switch.tsx';
import { ThemeMenu } from './theme-menu.tsx';

/** What holds for every page: whose data, whether it is live, search, and help. */
export function TopBar({ onHelp }: { onHelp(): void }) {
  const { router } = useConsole();
  return (
    <div class="top" role="region" aria-label="Tools">
      <NamespaceSwitch />
      {router.page.value.name === 'executions' ? <span class="top-space" /> : <Search />}
      <LivePill />
      <ThemeMenu />
      <button type="button" class="plain" title="Keys: ?" aria-label="Keys and help" aria-haspopup="dialog" onClick={onHelp}>
        <Icon name="help" />
      </button>
      <AccountMenu />
    </div>
  );
}

/** Searches the list from anywhere; the list has a box of its own. */
function Search() {
  const { router } = useConsole();
  const box = useRef<HTMLInputElement>(null);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const url = new URL(linkTo({ name: 'executions' }, router.search.value), location.origin);
    const query = withParameters(url.searchParams, { q: box.current?.value.trim() ?? '' }).toString();
    router.go(url.pathname + (query === '' ? '' : `?${query}`));
  };
  return (
    <search class="top-space">
      <form onSubmit={onSubmit}>
        <input ref={box} type="search" aria-label="Search executions" placeholder="Search executions   /" spellcheck={false} />
      </form>
    </search>
  );
}
