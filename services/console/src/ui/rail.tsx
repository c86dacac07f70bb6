import { linkTo } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { Brand } from './brand.tsx';
import { Icon } from './icon.tsx';

/** The way to every page there is. On a narrow screen it is the bar at the foot. */
export function Rail({ folded, onFold }: { folded: boolean; onFold(): void }) {
  const { router, operations } = useConsole();
  const page = router.page.value;
  const home = linkTo({ name: 'executions' }, router.search.value);
  const underWay = operations.underWay.value;
  return (
    <header class="rail">
      <a class="brand" href={home} aria-label="TMWS, to the executions">
        <Brand />
        <span class="rail-word">TMWS</span>
      </a>
      <nav aria-label="Pages">
        <a
          class="rail-item"
          href={home}
          title="Executions: g e"
          aria-current={page.name === 'executions' ? 'page' : page.name === 'execution' ? 'true' : undefined}
        >
          <Icon name="executions" />
          <span class="rail-word">Executions</span>
        </a>
      </nav>
      <div class="rail-foot">
        <button
          type="button"
          class="rail-item"
          title="Operations: ]"
          aria-expanded={operations.open.value}
          aria-controls={operations.open.value ? 'operations' : undefined}
          onClick={() => operations.setOpen(!operations.open.value)}
        >
          <Icon name="operations" />
          <span class="rail-word">Operations</span>
          {underWay > 0 && (
            <span class="badge">
              {underWay}
              <span class="visually-hidden"> under way</span>
            </span>
          )}
        </button>
        <a
          class="rail-item"
          href="/api/v1/openapi.json"
          target="_blank"
          rel="noreferrer"
          title="The API as OpenAPI 3.1, in a new tab"
        >
          <Icon name="api" />
          <span class="rail-word">API</span>
        </a>
        <button type="button" class="rail-item rail-fold" title="Fold or unfold: [" aria-expanded={!folded} onClick={onFold}>
          <Icon name="fold" />
          <span class="rail-word">{folded ? 'Unfold' : 'Fold'}</span>
        </button>
      </div>
    </header>
  );
}
