import { computed } from '@preact/signals';
import { render } from 'preact';
import { createApi } from './api/api.ts';
import { createClock } from './state/clock.ts';
import { createRouter } from './state/router.ts';
import { ConsoleContext } from './state/console.ts';
import { Shell } from './ui/shell.tsx';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no element #console');

const router = createRouter();
// Another namespace is another world: everything below is opened anew.
const namespace = computed(() => router.search.value.get('namespace') ?? '');
const clock = createClock();

function Console() {
  return (
    <ConsoleContext.Provider key={namespace.value} value={{ router, clock, api: createApi(namespace.value) }}>
      <Shell />
    </ConsoleContext.Provider>
  );
}

render(<Console />, root);
