import { useEffect, useMemo } from 'preact/hooks';
import { auditTypes } from '../../model/audit.ts';
import { useConsole } from '../../state/console.ts';
import { type AuditFilter, auditParameters, auditQuery, openAudit } from '../../state/audit-store.ts';
import { useKeys } from '../../state/use-keys.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { CopyAs } from '../../ui/copy-as.tsx';
import { NothingMatches, type SetFilter } from '../../ui/empty.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditRows } from './audit-rows.tsx';
import { Verify } from './verify.tsx';

const nothing: AuditFilter = { type: '', principal: '', source: '', about: '' };

/** Newest first, narrowed by what the address says, older rows when they are asked for. */
export function AuditLog() {
  const { api, announcer } = useConsole();
  const { state, push } = useUrlState<AuditFilter>(auditParameters);
  const asked = JSON.stringify(state);
  const store = useMemo(() => openAudit(api, state), [api, asked]);
  useEffect(() => {
    void store.load();
    return store.close;
  }, [store]);
  const rows = store.rows.value;
  const problem = store.problem.value;
  useEffect(() => {
    if (rows !== undefined) announcer.say(`${rows.length} rows${store.more.peek() ? ', and older ones' : ''}`);
  }, [rows]);
  useKeys({ next: () => step(1), previous: () => step(-1) });
  return (
    <>
      <AuditFilters
        key={asked}
        state={state}
        onChange={push}
        end={
          <>
            <button type="button" disabled={store.loading.value} onClick={() => void store.load()}>
              Refresh
            </button>
            <CopyAs
              path="audit"
              query={auditQuery(state)}
              {...(state.about === '' && { command: ['audit', 'list', ...optionsOf(state)] })}
            />
          </>
        }
      />
      <Verify />
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The audit" stale={rows !== undefined} retry={() => void store.load()} />
      )}
      {rows === undefined && problem === undefined && <Skeleton what="the audit" heights={Array<number>(10).fill(38)} />}
      {rows?.length === 0 && (
        <NothingMatches what="rows" filters={filtersOf(state, push)} clearAll={() => push(nothing)}>
          <p>The audit has a row for every sign-in, every refusal, and all that operators and admins do.</p>
        </NothingMatches>
      )}
      {rows !== undefined && rows.length > 0 && <AuditRows rows={rows} onOnly={push} />}
      {store.more.value && (
        <p class="more">
          <button type="button" disabled={store.loading.value} onClick={() => void store.loadMore()}>
            {store.loading.value ? 'Loading older rows…' : 'Older rows'}
          </button>
        </p>
      )}
    </>
  );
}

/** The focus goes to the next row, or the one before. */
function step(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('.audit-rows summary')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  next?.focus();
  return next !== undefined;
}

const optionsOf = ({ type, principal, source }: AuditFilter): string[] =>
  [
    ['--type', type],
    ['--principal', principal],
    ['--ip', source],
  ].flatMap(([option = '', value = '']) => (value === '' ? [] : [option, value]));

function filtersOf(state: AuditFilter, push: (change: Partial<AuditFilter>) => void): SetFilter[] {
  const type = auditTypes.find((each) => each.type === state.type)?.plural ?? state.type;
  const words: readonly (readonly [keyof AuditFilter, string])[] = [
    ['type', `only ${type.charAt(0).toLowerCase()}${type.slice(1)}`],
    ['principal', `principal is ${state.principal}`],
    ['source', `address is ${state.source}`],
    ['about', `namespace is ${state.about}`],
  ];
  return words.filter(([name]) => state[name] !== '').map(([name, said]) => ({ words: said, clear: () => push({ [name]: '' }) }));
}
