// The audit, newest first: pages of the API as they are asked for.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { type Api, ApiProblem } from '../api/api.ts';
import type { AuditRow } from '../model/audit.ts';
import { text } from './url-state.ts';

/** `about` is the namespace a row is about, which is not the one the console shows. */
export const auditParameters = { type: text(), principal: text(), source: text(), about: text() };
export interface AuditFilter {
  readonly type: string;
  readonly principal: string;
  readonly source: string;
  readonly about: string;
}

export interface AuditStore {
  /** Undefined until the first answer. */
  readonly rows: ReadonlySignal<readonly AuditRow[] | undefined>;
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  readonly more: ReadonlySignal<boolean>;
  readonly loading: ReadonlySignal<boolean>;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  close(): void;
}

const pageSize = '100';

/** What the API is asked for. */
export const auditQuery = ({ type, principal, source, about }: AuditFilter) => ({
  type,
  principal,
  sourceIp: source,
  namespace: about,
});

export function openAudit(api: Api, filter: AuditFilter): AuditStore {
  const rows = signal<readonly AuditRow[] | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  const more = signal(false);
  const loading = signal(false);
  const closing = new AbortController();
  let cursor = '';

  const read = async (after: string): Promise<void> => {
    if (loading.peek()) return;
    loading.value = true;
    try {
      const query = { ...auditQuery(filter), limit: pageSize, cursor: after };
      const page = await api.get<{ items: AuditRow[]; nextCursor: string }>('audit', query, closing.signal);
      batch(() => {
        rows.value = after === '' ? page.items : [...(rows.peek() ?? []), ...page.items];
        cursor = page.nextCursor;
        more.value = cursor !== '';
        problem.value = undefined;
      });
    } catch (error) {
      if (!closing.signal.aborted) problem.value = ApiProblem.from(error);
    }
    loading.value = false;
  };
  return {
    rows,
    problem,
    more,
    loading,
    load: () => read(''),
    loadMore: () => (cursor === '' ? Promise.resolve() : read(cursor)),
    close: () => closing.abort(),
  };
}
