import { useEffect } from 'preact/hooks';
import type { AlertsView } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { AreaViews } from '../ui/area-views.tsx';
import { AlertView } from './alerts/alert-view.tsx';
import { DeliveriesView } from './alerts/deliveries-view.tsx';
import { GroupsView } from './alerts/groups-view.tsx';
import { HistoryView } from './alerts/history-view.tsx';
import { ReceiversView } from './alerts/receivers-view.tsx';
import { RuleView } from './alerts/rule-view.tsx';
import { RulesView } from './alerts/rules-view.tsx';
import { SilencesView } from './alerts/silences-view.tsx';
import { useAlertSheet } from './alerts/use-alert-sheet.ts';
import { useDeadLetters } from './alerts/use-dead-letters.ts';

const words: Readonly<Record<AlertsView, string>> = {
  groups: 'Groups',
  silences: 'Silences',
  rules: 'Rules',
  receivers: 'Receivers',
  deliveries: 'Deliveries',
  history: 'History',
};
const shown = {
  groups: GroupsView,
  silences: SilencesView,
  rules: RulesView,
  receivers: ReceiversView,
  deliveries: DeliveriesView,
  history: HistoryView,
};

/** What must be acted on. */
export function AlertsPage({ view }: { view: AlertsView }) {
  useAlertSheet();
  useEffect(() => {
    document.title = `${view === 'groups' ? 'Alerts' : words[view]} · TMWS`;
  }, [view]);
  const View = shown[view];
  return (
    <div class="alerts-area">
      <View views={<AlertsViews view={view} />} />
    </div>
  );
}

/** What happened to one alert, and who is told of it. */
export function AlertPage({ fingerprint }: { fingerprint: string }) {
  const { router } = useConsole();
  useAlertSheet();
  return (
    <div class="alerts-area">
      <AlertView key={router.path.value} fingerprint={fingerprint} views={<AlertsViews view={undefined} />} />
    </div>
  );
}

/** One rule over events: its text, what it found, what it would have found. */
export function RulePage({ id }: { id: string }) {
  useAlertSheet();
  return (
    <div class="alerts-area">
      <RuleView key={id} id={id} views={<AlertsViews view={undefined} />} />
    </div>
  );
}

function AlertsViews({ view }: { view: AlertsView | undefined }) {
  const names = Object.keys(words) as AlertsView[];
  const dead = useDeadLetters();
  return (
    <AreaViews
      label="Alerts"
      views={names.map((each) => ({
        to: { name: 'alerts', view: each },
        word: words[each],
        here: each === view,
        ...(each === 'deliveries' && dead),
      }))}
    />
  );
}
