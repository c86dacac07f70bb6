import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Skeleton } from './skeleton.tsx';

interface LoadedProps<Props> {
  load(): Promise<ComponentType<Props>>;
  props: Props;
  /** What one is likely to open from here, loaded when there is nothing else to do. */
  next?(): Promise<unknown>;
}

/** What is in a script of its own, once that is there. */
export function Loaded<Props extends object>({ load, props, next }: LoadedProps<Props>) {
  const page = useSignal<{ Page: ComponentType<Props> } | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  useEffect(() => {
    load().then(
      (Page) => (page.value = { Page }),
      (error: unknown) => (failure.value = error),
    );
  }, [load]);
  useEffect(() => {
    if (page.value !== undefined && next !== undefined) setTimeout(() => void next().catch(() => undefined), 1_500);
  }, [page.value !== undefined]);
  if (failure.value !== undefined) return <NotLoaded />;
  if (page.value === undefined) return <Skeleton what="the page" heights={[34, 32, 320]} />;
  const { Page } = page.value;
  return <Page {...props} />;
}

/** Its script is gone, most likely because the server was updated since this page was opened. */
function NotLoaded() {
  return (
    <section class="problem">
      <div>
        <strong>This page could not be loaded.</strong>
        <p>The server is away, or was updated since the console was opened. Reloading brings the new one.</p>
      </div>
      <button type="button" onClick={() => location.reload()}>
        Reload
      </button>
    </section>
  );
}
