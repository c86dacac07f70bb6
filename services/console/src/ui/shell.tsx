import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { linkTo } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { useKeys } from '../state/use-keys.ts';
import { readsAudit } from '../state/session.ts';
import { stored } from '../state/stored.ts';
import { DropToImport } from './drop-to-import.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { KeysSheet } from './keys-sheet.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { OperationsDrawer } from './operations-drawer.tsx';
import { CurrentPage } from './current-page.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';

const keptFold = stored('rail');

/** The frame of all pages: rail, top bar, the page the address names, and the drawer. What fails in a page leaves the frame standing. */
export function Shell() {
  const { router, operations, announcer, session } = useConsole();
  const folded = useSignal(keptFold.read() === 'folded');
  const sheet = useSignal(false);
  const page = router.page.value;
  const home = linkTo({ name: 'executions' }, router.search.value);
  const fold = (): void => {
    folded.value = !folded.value;
    keptFold.write(folded.value ? 'folded' : 'open');
  };
  const openDrawer = operations.open.value;
  useEffect(() => void operations.look(), [operations]);
  useKeys({
    help: () => (sheet.value = true),
    rail: fold,
    operations: () => operations.setOpen(!operations.open.value),
    goExecutions: () => router.go(home),
    goAlerts: () => router.go(linkTo({ name: 'alerts', view: 'groups' }, router.search.value)),
    goAudit: () => readsAudit(session) && router.go(linkTo({ name: 'audit', view: 'log' }, router.search.value)),
    search: focusSearch,
    back: () => {
      if (openDrawer) operations.setOpen(false);
      else if (page.name !== 'execution') return false;
      else router.go(router.toList.peek());
      return true;
    },
  });
  return (
    <div class={folded.value ? 'frame folded' : 'frame'}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Rail folded={folded.value} onFold={fold} />
      <TopBar onHelp={() => (sheet.value = true)} />
      <main id="main" tabIndex={-1}>
        <OfflineBanner />
        <ErrorBoundary key={router.path.value}>
          <CurrentPage />
        </ErrorBoundary>
      </main>
      {openDrawer && <OperationsDrawer />}
      {sheet.value && <KeysSheet onClose={() => (sheet.value = false)} />}
      <DropToImport />
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcer.text.value}
      </p>
    </div>
  );
}

/** The page's own search box, else the one of the top bar. */
function focusSearch(): boolean {
  const boxes = document.querySelectorAll<HTMLInputElement>('main input[type="search"], .top input[type="search"]');
  const box = [...boxes].toReversed().find((each) => each.checkVisibility());
  box?.focus();
  box?.select();
  return box !== undefined;
}
