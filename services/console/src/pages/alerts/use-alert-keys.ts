import type { RefObject } from 'preact';
import type { AlertGroup } from '../../model/alert-group.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/use-keys.ts';
import type { AlertsOfPage } from './alerts-context.ts';
import { acknowledge, everyOne, runbookOf } from './group-actions.tsx';

/** Keys of the page: they act on the group or the alert that has the focus, and on nothing where none has. */
export function useAlertKeys(page: AlertsOfPage, groups: readonly AlertGroup[], list: RefObject<HTMLElement | null>): void {
  const { api, announcer } = useConsole();
  const { actions, mayAct, part, selected } = page;
  const inList = (): Element | null => (list.current?.contains(document.activeElement) === true ? document.activeElement : null);
  const groupAt = (): AlertGroup | undefined => {
    const id = inList()?.closest<HTMLElement>('[data-group]')?.dataset.group;
    return groups.find((group) => group.id === id && group.gone !== true);
  };
  const alertAt = (): string | undefined => inList()?.closest<HTMLElement>('[data-alert]')?.dataset.alert;
  const step = (by: number): boolean => {
    const here = groups.findIndex(({ id }) => id === inList()?.closest<HTMLElement>('[data-group]')?.dataset.group);
    const next = groups[here < 0 ? 0 : Math.min(groups.length - 1, Math.max(0, here + by))];
    const place = next && document.getElementById(`group-${next.id}`);
    if (place == null) return false;
    place.scrollIntoView({ block: 'nearest' });
    const focus = (tries: number): void => {
      const title = place.querySelector<HTMLElement>('[data-card]');
      // One that was far away is drawn once it is near.
      if (title === null && tries > 0) requestAnimationFrame(() => focus(tries - 1));
      title?.focus();
    };
    focus(10);
    return true;
  };
  const withGroup = (work: (group: AlertGroup) => unknown) => (): boolean => {
    const group = groupAt();
    if (group === undefined) announcer.say('Choose a group first, with j');
    else if (!mayAct) announcer.say('Your role may look, not act');
    else work(group);
    return true;
  };
  useKeys({
    next: () => step(1),
    previous: () => step(-1),
    open: () => {
      const group = groupAt();
      if (group === undefined) return false;
      page.onOpen(group.id);
      return true;
    },
    select: withGroup(({ id }) => {
      const next = new Set(selected.peek());
      if (!next.delete(id)) next.add(id);
      selected.value = next;
    }),
    acknowledge: withGroup((group) => {
      const alert = alertAt();
      void (alert === undefined ? acknowledge(api, group, actions.acknowledge) : actions.acknowledge([alert]));
    }),
    own: withGroup(async (group) => {
      const alert = alertAt();
      const all = alert === undefined ? (await everyOne(api, group)).map(({ fingerprint }) => fingerprint) : [alert];
      await actions.assign(all, 'me');
    }),
    silence: withGroup(({ id }) => (part.value = { group: id, part: 'silence' })),
    runbook: () => {
      const group = groupAt();
      const runbook = group && runbookOf(group);
      if (runbook === undefined) announcer.say(group === undefined ? 'Choose a group first, with j' : 'It names no runbook');
      else open(runbook, '_blank', 'noopener');
      return true;
    },
    back: () => {
      if (part.peek() === undefined) return false;
      part.value = undefined;
      return true;
    },
  });
}
