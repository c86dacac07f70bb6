import { computed, effect, signal } from '@preact/signals';
import { render } from 'preact';
import { createApi } from './api/api.ts';
import { namespaceOf } from './model/who.ts';
import { createAnnouncer } from './state/announcer.ts';
import { createClock } from './state/clock.ts';
import { createConnection } from './state/connection.ts';
import { type Console, ConsoleContext } from './state/console.ts';
import { createKeyboard } from './state/keyboard.ts';
import { createLive } from './state/live.ts';
import { type Operations, openOperations } from './state/operations.ts';
import { createRouter } from './state/router.ts';
import { openSession } from './state/session.ts';
import { createTheming } from './state/theming.ts';
import { Loaded } from './ui/loaded.tsx';
import { Shell } from './ui/shell.tsx';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no element #console');

const router = createRouter();
const connection = createConnection();
const session = openSession(connection);
const page = {
  router,
  session,
  clock: createClock(),
  theming: createTheming(router),
  keyboard: createKeyboard(),
  announcer: createAnnouncer(),
  connection,
};

/** Another namespace, or another person, is another world: everything of it is opened anew. */
function openWorld(namespace: string): Console {
  const { announcer } = page;
  const live = createLive();
  const heard = (): void => {
    connection.heard();
    session.heard();
  };
  const fresh = (): void => {
    heard();
    live.fresh();
  };
  const { admission } = session;
  const api = createApi(namespace, { heard, missed: connection.missed, fresh, paused: live.paused, admission });
  return { ...page, live, api, operations: openOperations(api, announcer) };
}

const out = computed(() => session.state.value.is === 'out');
const person = computed(() => session.who.value?.name ?? '');
const namespace = computed(() => namespaceOf(session.who.value, router.search.value.get('namespace') ?? ''));
const whose = computed(() => ({ person: person.value, namespace: namespace.value }));
const world = computed(() => (out.value ? undefined : openWorld(whose.value.namespace)));
const operations = signal<Operations | undefined>(undefined);
world.subscribe((now) => {
  operations.peek()?.close();
  operations.value = now?.operations;
});
let wasOut = false;
effect(() => {
  // Whoever was at the form is at what they asked for next.
  if (wasOut && !out.value) requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }));
  wasOut = out.value;
});

const loadSignIn = async () => (await import('./pages/sign-in-page.tsx')).SignInPage;

function Root() {
  if (world.value === undefined) return <Loaded load={loadSignIn} props={page} />;
  return (
    <ConsoleContext.Provider key={`${person.value} ${namespace.value}`} value={world.value}>
      <Shell />
    </ConsoleContext.Provider>
  );
}

// Mostly the answer is there before this script is: then nothing is drawn that has to go again.
const mostWaitMs = 150;
await Promise.race([session.settled, new Promise((resolve) => setTimeout(resolve, mostWaitMs))]);
render(<Root />, root);
