import type { AlertJson } from '@tmws/contracts/alerting';
import { useEffect } from 'preact/hooks';
import { type Alert, type Labels, readAlert, restOf } from '../../model/alert.ts';
import { exactly, matcherText } from '../../model/label-matcher.ts';
import { linkTo } from '../../state/address.ts';
import { openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { Age } from '../../ui/alert-age.tsx';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

const againMs = 10_000;
/** What the heading or the link says already. */
const ofRule = { rule_id: '', rule_kind: '', tmws_source: '' };

/** Alerts of a rule that fire. */
export function RuleAlerts({ labels: of }: { labels: Labels }) {
  const { api, router } = useConsole();
  const filter = exactly(of).map(matcherText);
  const store = useOpened(() => openPages<AlertJson, Alert>(api, 'alerts', readAlert, { filter }), [api, filter.join(',')]);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void store.load(), againMs);
    return () => clearInterval(timer);
  }, [store]);
  const [items, problem, total] = [store.items.value, store.problem.value, store.total.value ?? 0];
  const link = (fingerprint: string): string => linkTo({ name: 'alert', fingerprint }, router.search.value);
  return (
    <section class="card rule-alerts" aria-label="Its alerts">
      <h2>Its alerts {total > 0 && <span class="quiet">{total.toLocaleString('en')} firing</span>}</h2>
      {problem !== undefined && (
        <ProblemNote problem={problem} what="Its alerts" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="its alerts" heights={[60]} />}
      {items?.length === 0 && <p class="quiet">None fires.</p>}
      {items !== undefined && items.length > 0 && (
        <ul class="preview-alerts">
          {items.map(({ fingerprint, labels, startsMs }) => (
            <li key={fingerprint}>
              <a href={link(fingerprint)}>
                for <Age sinceMs={startsMs} />
              </a>
              <AlertLabels labels={restOf(labels, ofRule)} onChoose={undefined} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
