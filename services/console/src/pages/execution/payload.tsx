import { useSignal } from '@preact/signals';
import type { StepPayloadJson } from '@tmws/contracts/timeline';
import { ApiProblem } from '../../api/api.ts';
import { formatBytes } from '../../model/quantity.ts';
import { useConsole } from '../../state/console.ts';
import { JsonTree } from './json-tree.tsx';

/** A value of a step: as a tree or raw; a large one is asked for when it is wanted. */
export function Payload({ title, value }: { title: string; value: StepPayloadJson | undefined }) {
  const { api } = useConsole();
  const raw = useSignal(false);
  const loaded = useSignal<{ ref: string; json: unknown } | undefined>(undefined);
  const problem = useSignal('');
  if (value === undefined) return null;
  const ref = value.ref ?? '';
  const inline = value.inline;
  const known = inline !== undefined || loaded.value?.ref === ref;
  const json: unknown = inline ?? loaded.value?.json;
  const load = async (): Promise<void> => {
    problem.value = '';
    try {
      loaded.value = { ref, json: await api.get<unknown>(ref.replace(/^\/api\/v1\//, '')) };
    } catch (error) {
      problem.value = ApiProblem.from(error).message;
    }
  };
  const bytes = Number(value.bytes ?? 0);
  const whole = Number(value.wholeBytes ?? 0);
  return (
    <section class="payload">
      <h4>
        {title} <span class="quiet">{formatBytes(whole > 0 ? whole : bytes)}</span>
        {known && (
          <button type="button" class="link" aria-pressed={raw.value} onClick={() => (raw.value = !raw.value)}>
            {raw.value ? 'Tree' : 'Raw'}
          </button>
        )}
      </h4>
      {!known && ref !== '' && (
        <button type="button" onClick={() => void load()}>
          Load {formatBytes(bytes)}
        </button>
      )}
      {!known && ref === '' && <p class="quiet">Nothing of it is kept.</p>}
      {problem.value !== '' && <p class="problem-line">It could not be loaded: {problem.value}</p>}
      {known && (raw.value ? <pre tabIndex={0}>{JSON.stringify(json, undefined, 2)}</pre> : <JsonTree value={json} />)}
      {value.truncated === true && (
        <p class="quiet">
          Only the beginning is kept.
          {value.wholeRef !== undefined && value.wholeRef !== '' && (
            <>
              {' '}
              The whole lies at <code>{value.wholeRef}</code>.
            </>
          )}
        </p>
      )}
    </section>
  );
}
