import { linkTo } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { ExecutionPage } from '../pages/execution-page.tsx';
import { ExecutionsPage } from '../pages/executions-page.tsx';

/** The frame of all pages: a bar with the way home and the namespace, and the page the address names. */
export function Shell() {
  const { router, api } = useConsole();
  const page = router.page.value;
  const home = linkTo({ name: 'executions' }, router.search.value);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="bar">
        <a class="brand" href={home} aria-label="TMWS, to the executions">
          <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
            <rect class="brand-ground" width="32" height="32" rx="7" />
            <rect class="brand-bar" x="6" y="8" width="11" height="4" rx="2" />
            <rect class="brand-bar pale" x="12" y="14" width="14" height="4" rx="2" />
            <rect class="brand-bar" x="18" y="20" width="8" height="4" rx="2" />
          </svg>
          TMWS
        </a>
        <nav aria-label="Pages">
          <a href={home} aria-current={page.name === 'executions' ? 'page' : page.name === 'execution' ? 'true' : undefined}>
            Executions
          </a>
        </nav>
        <a class="bar-end" href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
          API
        </a>
        {api.namespace !== '' && (
          <span class="namespace" title="Namespace">
            <span class="visually-hidden">Namespace </span>
            {api.namespace}
          </span>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {page.name === 'executions' && <ExecutionsPage />}
        {page.name === 'execution' && <ExecutionPage key={page.id} id={page.id} />}
        {page.name === 'nowhere' && (
          <section class="notice">
            <h1>No such page</h1>
            <p>
              The console has no page at this address. <a href={home}>To the executions</a>
            </p>
          </section>
        )}
      </main>
    </>
  );
}
