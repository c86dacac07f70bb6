import { computed, signal } from '@preact/signals';
import { render } from 'preact';
import { createApi } from './api/api.ts';
import { createAnnouncer } from './state/announcer.ts';
import { createClock } from './state/clock.ts';
import { createConnection } from './state/connection.ts';
import { type Console, ConsoleContext } from './state/console.ts';
import { createKeyboard } from './state/keyboard.ts';
import { createLive } from './state/live.ts';
import { type Operations, openOperations } from './state/operations.ts';
import { createRouter } from './state/router.ts';
import { createTheming } from './state/theming.ts';
import { Shell } from './ui/shell.tsx';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no element #console');

const router = createRouter();
const page = {
  router,
  clock: createClock(),
  theming: createTheming(router),
  keyboard: createKeyboard(),
  announcer: createAnnouncer(),
  connection: createConnection(),
};

/** Another namespace is another world: everything of it is opened anew. */
function openWorld(namespace: string): Console {
  const { connection, announcer } = page;
  const live = createLive();
  const fresh = (): void => {
    connection.heard();
    live.fresh();
  };
  const api = createApi(namespace, { heard: connection.heard, missed: connection.missed, fresh, paused: live.paused });
  return { ...page, live, api, operations: openOperations(api, announcer) };
}

const namespace = computed(() => router.search.value.get('namespace') ?? '');
const operations = signal<Operations | undefined>(undefined);
const world = computed(() => openWorld(namespace.value));
world.subscribe((now) => {
  operations.peek()?.close();
  operations.value = now.operations;
});

function Root() {
  return (
    <ConsoleContext.Provider key={namespace.value} value={world.value}>
      <Shell />
    </ConsoleContext.Provider>
  );
}

render(<Root />, root);
