import { auditFields, type AuditRow, factLook, factWords, whoWords } from '../../model/audit.ts';
import { formatInstant } from '../../model/when.ts';
import type { AuditFilter } from '../../state/audit-store.ts';
import { Mark } from '../../ui/status-mark.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

interface Props {
  rows: readonly AuditRow[];
  /** Shows only what has the same. */
  onOnly(change: Partial<AuditFilter>): void;
}

/** A sentence a row; opened, all that is kept of it. */
export function AuditRows({ rows, onOnly }: Props) {
  return (
    <ol class="audit-rows" aria-label="Rows of the audit, newest first">
      {rows.map((row) => (
        <li key={row.seq}>
          <details>
            <summary>
              <Mark {...factLook(row.type)}>
                <span class="audit-what">{factWords(row)}</span>
              </Mark>
              <span class={row.principal === '' ? 'audit-who quiet' : 'audit-who'}>{whoWords(row)}</span>
              <span class="audit-from quiet">{row.sourceIp}</span>
              <time class="audit-when" dateTime={row.at} title={formatInstant(Date.parse(row.at))}>
                {shortTime(row.at)}
              </time>
            </summary>
            <Fields row={row} onOnly={onOnly} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Fields({ row, onOnly }: { row: AuditRow } & Pick<Props, 'onOnly'>) {
  const only: readonly (readonly [string, string, Partial<AuditFilter>])[] = [
    ['this principal', row.principal, { principal: row.principal }],
    ['this address', row.sourceIp, { source: row.sourceIp }],
    ['this namespace', row.namespace, { about: row.namespace }],
  ];
  return (
    <div class="audit-fields">
      <dl>
        {auditFields.map(([name, label]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{row[name] === '' ? <span class="quiet">none</span> : <code>{row[name]}</code>}</dd>
          </div>
        ))}
      </dl>
      <p class="audit-only">
        <CopyButton what="The hash" text={row.hash} />
        {only
          .filter(([, value]) => value !== '')
          .map(([words, , change]) => (
            <button key={words} type="button" onClick={() => onOnly(change)}>
              Only {words}
            </button>
          ))}
      </p>
    </div>
  );
}

const time = new Intl.DateTimeFormat(undefined, {
  ...({ month: 'short', day: 'numeric' } as const),
  ...({ hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
});
const shortTime = (at: string): string => time.format(Date.parse(at));
