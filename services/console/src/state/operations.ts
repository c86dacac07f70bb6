// All long work of the namespace, for the drawer: looked at often while some of it runs, seldom otherwise, never while the page is not seen.
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Announcer } from './announcer.ts';
import { hasEnded, mergeOperations, type Operation, partDone, progressWords, quarterPassed } from './operation.ts';

/** A file on its way to the server, or one that was turned away. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly problem?: ApiProblem;
}

export interface Operations {
  /** Newest first. Undefined until the first answer. */
  readonly items: ReadonlySignal<readonly Operation[] | undefined>;
  readonly uploads: ReadonlySignal<readonly Upload[]>;
  readonly underWay: ReadonlySignal<number>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  /** Whether the drawer is open. */
  readonly open: ReadonlySignal<boolean>;
  /** Ids of operations in which nothing moved for 10 s. */
  readonly stalled: ReadonlySignal<ReadonlySet<string>>;
  setOpen(open: boolean): void;
  look(): Promise<void>;
  importFiles(files: readonly File[]): Promise<void>;
  dismiss(upload: Upload): void;
  cancel(id: string): Promise<void>;
  close(): void;
}

const busyEveryMs = 1_000;
const openEveryMs = 5_000;
const stalledAfterMs = 10_000;

export function openOperations(api: Api, announcer: Announcer): Operations {
  const items = signal<readonly Operation[] | undefined>(undefined);
  const uploads = signal<readonly Upload[]>([]);
  const problem = signal<ApiProblem | undefined>(undefined);
  const open = signal(false);
  const stalled = signal<ReadonlySet<string>>(new Set());
  const underWay = computed(
    () =>
      (items.value ?? []).filter((each) => !hasEnded(each)).length +
      uploads.value.filter((each) => each.problem === undefined).length,
  );
  const closing = new AbortController();
  const movedMs = new Map<string, { done: number; atMs: number }>();
  let next: ReturnType<typeof setTimeout> | undefined;
  let uploadCount = 0;

  const tell = (before: readonly Operation[], now: readonly Operation[]): void => {
    const known = new Map(before.map((each) => [each.id, each]));
    for (const each of now) {
      const former = known.get(each.id);
      if (former === undefined || hasEnded(former)) continue;
      const quarter = quarterPassed(partDone(former) ?? 0, partDone(each) ?? 0);
      if (hasEnded(each)) announcer.say(`${each.name}: ${progressWords(each)}`);
      else if (quarter !== undefined) announcer.say(`${each.name}: ${quarter} percent`);
    }
  };
  const watchMoving = (now: readonly Operation[]): void => {
    const atMs = performance.now();
    for (const { id, done } of now) if (movedMs.get(id)?.done !== done) movedMs.set(id, { done, atMs });
    const still = now.filter((each) => each.status === 'running' && atMs - (movedMs.get(each.id)?.atMs ?? atMs) > stalledAfterMs);
    stalled.value = new Set(still.map(({ id }) => id));
  };
  const again = (): void => {
    clearTimeout(next);
    if (closing.signal.aborted || document.hidden) return;
    const inMs = underWay.peek() > 0 ? busyEveryMs : open.peek() ? openEveryMs : undefined;
    if (inMs !== undefined) next = setTimeout(() => void store.look(), inMs);
  };
  document.addEventListener('visibilitychange', again, { signal: closing.signal });

  const send = async (file: File): Promise<void> => {
    const upload: Upload = { key: ++uploadCount, name: file.name };
    uploads.value = [...uploads.value, upload];
    try {
      await api.upload('imports', { name: file.name }, file);
      uploads.value = uploads.value.filter((each) => each !== upload);
    } catch (error) {
      const said = ApiProblem.from(error);
      uploads.value = uploads.value.map((each) => (each === upload ? { ...upload, problem: said } : each));
      announcer.say(`${file.name} was not imported: ${said.message}`);
    }
  };
  const store: Operations = {
    items,
    uploads,
    underWay,
    problem,
    open,
    stalled,
    setOpen(next) {
      open.value = next;
      if (next) void store.look();
    },
    async look() {
      try {
        const page = await api.get<{ items?: Operation[] }>('operations', {}, closing.signal);
        const before = items.peek() ?? [];
        const now = mergeOperations(before, page.items ?? []);
        batch(() => {
          items.value = now;
          problem.value = undefined;
          watchMoving(now);
        });
        tell(before, now);
      } catch (error) {
        if (closing.signal.aborted) return;
        problem.value = ApiProblem.from(error);
      }
      again();
    },
    async importFiles(files) {
      store.setOpen(true);
      for (const file of files) {
        await send(file);
        await store.look();
      }
    },
    dismiss(upload) {
      uploads.value = uploads.value.filter((each) => each !== upload);
    },
    async cancel(id) {
      try {
        await api.post(`operations/${encodeURIComponent(id)}/cancel`, {});
      } catch (error) {
        announcer.say(`Not cancelled: ${ApiProblem.from(error).message}`);
      }
      await store.look();
    },
    close() {
      closing.abort();
      clearTimeout(next);
    },
  };
  return store;
}
