import { useEffect } from 'preact/hooks';
import type { AlertsView } from '../state/address.ts';

/** What must be acted on. */
export function AlertsPage({ view }: { view: AlertsView }) {
  useEffect(() => {
    document.title = 'Alerts · TMWS';
  }, [view]);
  return (
    <div class="head">
      <h1>Alerts</h1>
    </div>
  );
}
