import type { ListNotificationsResponseJson } from '@tmws/contracts/deliveries';
import { useEffect } from 'preact/hooks';
import { openAnswer } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';

const againMs = 30_000;
const most = 99;

/** How many messages were given up, as what stands beside a link to them; nothing where there are none. */
export function useDeadLetters(): { count: string; counted: string } | undefined {
  const { api } = useConsole();
  const store = useOpened(
    () =>
      openAnswer(
        api,
        'notifications',
        ({ items = [], nextCursor = '' }: ListNotificationsResponseJson) => ({ count: items.length, more: nextCursor !== '' }),
        { status: 'dead', limit: String(most) },
      ),
    [api],
  );
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void store.load(), againMs);
    return () => clearInterval(timer);
  }, [store]);
  const { count, more } = store.value.value ?? { count: 0, more: false };
  if (count === 0) return undefined;
  return { count: more ? `${most}+` : String(count), counted: count === 1 && !more ? 'dead letter' : 'dead letters' };
}
