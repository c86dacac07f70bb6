import { useEffect } from 'preact/hooks';
import { linkTo } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { Loaded } from './loaded.tsx';

// Each page is a script of its own: the list is not kept waiting for the chart.
const loadExecutions = async () => (await import('../pages/executions-page.tsx')).ExecutionsPage;
const loadExecution = async () => (await import('../pages/execution-page.tsx')).ExecutionPage;
const loadAlerts = async () => (await import('../pages/alerts-page.tsx')).AlertsPage;
const loadAlert = async () => (await import('../pages/alerts-page.tsx')).AlertPage;
const loadRule = async () => (await import('../pages/alerts-page.tsx')).RulePage;
const loadAudit = async () => (await import('../pages/audit-page.tsx')).AuditPage;

/** The page the address names. */
export function CurrentPage() {
  const { router } = useConsole();
  const page = router.page.value;
  if (page.name === 'executions') return <Loaded load={loadExecutions} props={{}} next={loadExecution} />;
  if (page.name === 'execution') return <Loaded key={page.id} load={loadExecution} props={{ id: page.id }} />;
  if (page.name === 'alerts') return <Loaded key="alerts" load={loadAlerts} props={{ view: page.view }} />;
  if (page.name === 'alert') return <Loaded key={page.fingerprint} load={loadAlert} props={{ fingerprint: page.fingerprint }} />;
  if (page.name === 'rule') return <Loaded key={page.id} load={loadRule} props={{ id: page.id }} />;
  if (page.name === 'audit') return <Loaded key="audit" load={loadAudit} props={{ view: page.view }} />;
  return <NowherePage />;
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
