import { useSignal } from '@preact/signals';
import { ApiProblem } from '../../api/api.ts';
import { type AuditVerdict, verdictWords } from '../../model/audit.ts';
import { useConsole } from '../../state/console.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark } from '../../ui/status-mark.tsx';

/** Has the server look whether every row is as it was written, and shows what to keep elsewhere. */
export function Verify() {
  const { api, announcer } = useConsole();
  const busy = useSignal(false);
  const verdict = useSignal<AuditVerdict | undefined>(undefined);
  const problem = useSignal<ApiProblem | undefined>(undefined);
  const verify = async (): Promise<void> => {
    busy.value = true;
    problem.value = undefined;
    try {
      verdict.value = await api.get<AuditVerdict>('audit/verify', { namespace: '' });
      announcer.say(verdictWords(verdict.value));
    } catch (error) {
      problem.value = ApiProblem.from(error);
    }
    busy.value = false;
  };
  const found = verdict.value;
  return (
    <section class="audit-verify" aria-label="Whether the audit is whole">
      <button type="button" disabled={busy.value} onClick={() => void verify()}>
        {busy.value ? 'Verifying…' : 'Verify'}
      </button>
      {problem.value !== undefined && <p class="problem-line">Not verified: {problem.value.message}</p>}
      {found === undefined ? (
        problem.value === undefined && (
          <p class="quiet">Each row holds the hash of the one before; the server can look at all of them.</p>
        )
      ) : (
        <div>
          <p>
            <Mark shape={found.whole ? 'check' : 'cross'} tone={found.whole ? 'good' : 'bad'}>
              {found.whole ? 'Whole' : 'Broken'}
            </Mark>{' '}
            {verdictWords(found)}
          </p>
          <p class="audit-head">
            <span class="quiet">Head</span> <code>{found.headHash}</code>{' '}
            <CopyButton what="The head hash" text={found.headHash} />
          </p>
        </div>
      )}
    </section>
  );
}
