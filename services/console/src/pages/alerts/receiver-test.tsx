import { useSignal } from '@preact/signals';
import type { TestReceiverResponseJson } from '@tmws/contracts/deliveries';
import { ApiProblem } from '../../api/api.ts';
import { useConsole } from '../../state/console.ts';

interface Tested {
  readonly name: string;
  readonly sent: boolean;
  readonly words: string;
  readonly tookMs: number;
}

/** Sends each integration a message that says it is a test, and shows what it made of it. For those who may. */
export function ReceiverTest({ name }: { name: string }) {
  const { api, announcer, session } = useConsole();
  const busy = useSignal(false);
  const tested = useSignal<readonly Tested[] | undefined>(undefined);
  const problem = useSignal('');
  if (!session.may('operate', true)) return null;
  const send = async (): Promise<void> => {
    busy.value = true;
    problem.value = '';
    try {
      const { items = [] } = await api.post<TestReceiverResponseJson>(`receivers/${encodeURIComponent(name)}/test`, {});
      tested.value = items.map((each) => ({
        name: each.name ?? '',
        sent: each.sent ?? false,
        words: each.error || (each.receipt ?? ''),
        tookMs: each.tookMs ?? 0,
      }));
      const told = tested.value.filter(({ sent }) => sent).length;
      announcer.say(`Test of ${name}: ${told} of ${items.length} took it`);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      tested.value = undefined;
      problem.value = error.message;
      announcer.say(`The test of ${name} was not sent`);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="receiver-test">
      <button type="button" disabled={busy.value} aria-label={`Send test to ${name}`} onClick={() => void send()}>
        {busy.value ? 'Sending…' : 'Send test'}
      </button>
      {problem.value !== '' && <p class="problem-line">✕ {problem.value}</p>}
      {tested.value !== undefined && (
        <ul aria-label={`What a test of ${name} gave`}>
          {tested.value.map((each) => (
            <li key={each.name} class={each.sent ? 'tone-good' : 'problem-line'}>
              {each.sent ? '✓' : '✕'} <strong>{each.name}</strong> {each.sent ? 'took it' : 'did not take it'}
              {each.words !== '' && <>: {each.words}</>} <span class="quiet">{each.tookMs.toLocaleString('en')} ms</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
