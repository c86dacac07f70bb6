import type { ComponentChildren } from 'preact';
import { auditTypes } from '../../model/audit.ts';
import type { AuditFilter } from '../../state/audit-store.ts';

interface Props {
  state: AuditFilter;
  onChange(change: Partial<AuditFilter>): void;
  /** What stands beside them. */
  end: ComponentChildren;
}

/** What the audit is narrowed to. Texts are taken when the box is left, or at Enter. */
export function AuditFilters({ state, onChange, end }: Props) {
  const known = state.type === '' || auditTypes.some(({ type }) => type === state.type);
  const box = (name: 'principal' | 'source' | 'about', label: string) => (
    <label>
      {label}
      <input
        type="text"
        spellcheck={false}
        autocomplete="off"
        value={state[name]}
        placeholder="any"
        onChange={(event) => onChange({ [name]: event.currentTarget.value.trim() })}
      />
    </label>
  );
  return (
    <form class="audit-tools" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
      <label>
        What
        <select value={state.type} onChange={(event) => onChange({ type: event.currentTarget.value })}>
          <option value="">Everything</option>
          {auditTypes.map(({ type, plural }) => (
            <option key={type} value={type}>
              {plural}
            </option>
          ))}
          {!known && <option value={state.type}>{state.type}</option>}
        </select>
      </label>
      {box('principal', 'Principal')}
      {box('source', 'Address')}
      {box('about', 'Namespace')}
      <span class="audit-tools-end">{end}</span>
    </form>
  );
}
