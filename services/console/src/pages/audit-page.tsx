import { useEffect } from 'preact/hooks';
import type { AuditView } from '../state/address.ts';

/** Who came, who was refused, what admins did. */
export function AuditPage({ view }: { view: AuditView }) {
  useEffect(() => {
    document.title = 'Audit · TMWS';
  }, [view]);
  return (
    <div class="head">
      <h1>Audit</h1>
    </div>
  );
}
