import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { linkTo } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { Skeleton } from './skeleton.tsx';

// Each page is a script of its own: the list is not kept waiting for the chart.
const loadExecutions = async () => (await import('../pages/executions-page.tsx')).ExecutionsPage;
const loadExecution = async () => (await import('../pages/execution-page.tsx')).ExecutionPage;
const loadAlerts = async () => (await import('../pages/alerts-page.tsx')).AlertsPage;
const loadAudit = async () => (await import('../pages/audit-page.tsx')).AuditPage;

/** The page the address names. */
export function CurrentPage() {
  const { router } = useConsole();
  const page = router.page.value;
  if (page.name === 'executions') return <Loaded load={loadExecutions} props={{}} next={loadExecution} />;
  if (page.name === 'execution') return <Loaded key={page.id} load={loadExecution} props={{ id: page.id }} />;
  if (page.name === 'alerts') return <Loaded key="alerts" load={loadAlerts} props={{ view: page.view }} />;
  if (page.name === 'audit') return <Loaded key="audit" load={loadAudit} props={{ view: page.view }} />;
  return <NowherePage />;
}

interface LoadedProps<Props> {
  load(): Promise<ComponentType<Props>>;
  props: Props;
  /** What one is likely to open from here, loaded when there is nothing else to do. */
  next?(): Promise<unknown>;
}

function Loaded<Props extends object>({ load, props, next }: LoadedProps<Props>) {
  const page = useSignal<{ Page: ComponentType<Props> } | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  useEffect(() => {
    load().then(
      (Page) => (page.value = { Page }),
      (error: unknown) => (failure.value = error),
    );
  }, [load]);
  useEffect(() => {
    if (page.value !== undefined && next !== undefined) setTimeout(() => void next().catch(() => undefined), 1_500);
  }, [page.value !== undefined]);
  if (failure.value !== undefined) return <NotLoaded />;
  if (page.value === undefined) return <Skeleton what="the page" heights={[34, 32, 320]} />;
  const { Page } = page.value;
  return <Page {...props} />;
}

/** Its script is gone, most likely because the server was updated since this page was opened. */
function NotLoaded() {
  return (
    <section class="problem">
      <div>
        <strong>This page could not be loaded.</strong>
        <p>The server is away, or was updated since the console was opened. Reloading brings the new one.</p>
      </div>
      <button type="button" onClick={() => location.reload()}>
        Reload
      </button>
    </section>
  );
}

function NowherePage() {
  const { router } = useConsole();
  useEffect(() => {
    document.title = 'No such page · TMWS';
  }, []);
  return (
    <section class="notice">
      <h1>No such page</h1>
      <p>
        The console has no page at <code>{location.pathname}</code>.{' '}
        <a href={linkTo({ name: 'executions' }, router.search.value)}>To the executions</a>
      </p>
    </section>
  );
}
