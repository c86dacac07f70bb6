import { useSignal } from '@preact/signals';
import type { AlertGroup } from '../../model/alert-group.ts';
import { sharedLabels } from '../../model/alert-group.ts';
import { exactly } from '../../model/label-matcher.ts';
import { newDraft } from '../../model/silence.ts';
import { useConsole } from '../../state/console.ts';
import { useAlerts } from './alerts-context.ts';
import { everyOne } from './group-actions.tsx';
import { Explanation } from './explanation.tsx';
import { NoteForm } from './note-form.tsx';
import { SilenceForm } from './silence-form.tsx';

/** What was opened below a card: writing a silence or a note, or who is told. */
export function CardParts({ group }: { group: AlertGroup }) {
  const { api } = useConsole();
  const { part, actions, reload } = useAlerts();
  const explained = useSignal(0);
  const close = (): void => {
    part.value = undefined;
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`#group-${CSS.escape(group.id)} [data-card]`)?.focus());
  };
  if (part.value?.group !== group.id) return null;
  if (part.value.part === 'silence')
    return (
      <SilenceForm
        draft={newDraft(exactly(sharedLabels(group)))}
        onClose={close}
        onSaved={(words, undo) => {
          close();
          actions.tell(words, undo);
          reload();
        }}
      />
    );
  if (part.value.part === 'note')
    return (
      <NoteForm
        count={group.alertCount}
        onClose={close}
        onSend={async (text) => {
          const all = await everyOne(api, group);
          if (
            await actions.comment(
              all.map(({ fingerprint }) => fingerprint),
              text,
            )
          )
            close();
        }}
      />
    );
  const alert = group.alerts[explained.value] ?? group.alerts[0];
  if (alert === undefined) return null;
  return (
    <section class="part" aria-label="Who is told and why">
      {group.alerts.length > 1 && <p class="quiet">Of the first of its alerts; each has its own on its page.</p>}
      <Explanation fingerprint={alert.fingerprint} />
    </section>
  );
}
