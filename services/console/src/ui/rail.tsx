import { linkTo, type Page } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { readsAudit, type Session } from '../state/session.ts';
import { Brand } from './brand.tsx';
import { Icon, type IconName } from './icon.tsx';

interface Area {
  readonly to: Exclude<Page, { name: 'nowhere' }>;
  readonly icon: IconName;
  readonly word: string;
  readonly keys: string;
  /** The pages it has. */
  readonly within: readonly Page['name'][];
  readonly forWhom: (session: Session) => boolean;
}

const everybody = (): boolean => true;
const areas: readonly Area[] = [
  {
    to: { name: 'executions' },
    icon: 'executions',
    word: 'Executions',
    keys: 'g e',
    within: ['executions', 'execution'],
    forWhom: everybody,
  },
  {
    to: { name: 'alerts', view: 'groups' },
    icon: 'alerts',
    word: 'Alerts',
    keys: 'g a',
    within: ['alerts', 'alert', 'rule'],
    forWhom: everybody,
  },
  { to: { name: 'audit', view: 'log' }, icon: 'audit', word: 'Audit', keys: 'g u', within: ['audit'], forWhom: readsAudit },
];

const isAt = (one: Page, other: Page): boolean => linkOf(one) === linkOf(other);
const linkOf = (page: Page): string => (page.name === 'nowhere' ? '' : linkTo(page, new URLSearchParams()));

/** The way to every page there is. On a narrow screen it is the bar at the foot. */
export function Rail({ folded, onFold }: { folded: boolean; onFold(): void }) {
  const { router, operations, session } = useConsole();
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
        {areas
          .filter((each) => each.forWhom(session))
          .map(({ to, icon, word, keys, within }) => (
            <a
              key={word}
              class="rail-item"
              href={linkTo(to, router.search.value)}
              title={`${word}: ${keys}`}
              aria-current={isAt(to, page) ? 'page' : within.includes(page.name) ? 'true' : undefined}
            >
              <Icon name={icon} />
              <span class="rail-word">{word}</span>
            </a>
          ))}
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
