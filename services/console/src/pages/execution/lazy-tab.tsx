import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { TabProps } from './tab-props.ts';
import type { Tab } from './view-state.ts';

// Scripts of their own: most look at the timeline only.
const loads: Readonly<Record<Exclude<Tab, 'timeline'>, () => Promise<ComponentType<TabProps>>>> = {
  table: async () => (await import('./table-tab.tsx')).TableTab,
  graph: async () => (await import('./graph-tab.tsx')).GraphTab,
  json: async () => (await import('./json-tab.tsx')).JsonTab,
};

export function LazyTab({ tab, ...props }: TabProps & { tab: Exclude<Tab, 'timeline'> }) {
  const loaded = useSignal<{ tab: Tab; View: ComponentType<TabProps> } | undefined>(undefined);
  const failed = useSignal(false);
  useEffect(() => {
    failed.value = false;
    loads[tab]().then(
      (View) => (loaded.value = { tab, View }),
      () => (failed.value = true),
    );
  }, [tab]);
  if (failed.value) return <p class="quiet">The server is away, or was updated since the console was opened: reload the page.</p>;
  if (loaded.value?.tab !== tab) return <Skeleton what={`the ${tab}`} heights={[400]} />;
  const { View } = loaded.value;
  return <View {...props} />;
}
