import { useRef } from 'preact/hooks';
import { useConsole } from '../state/console.ts';
import type { Upload } from '../state/operations.ts';
import { Icon } from './icon.tsx';
import { OperationRow } from './operation-row.tsx';
import { ProblemNote } from './problem-note.tsx';

/** The drawer at the foot of every page: long work, how far it is, and the way to bring a recorded file in. */
export function OperationsDrawer() {
  const { operations, session } = useConsole();
  const imports = session.may('write');
  const items = operations.items.value;
  const problem = operations.problem.value;
  return (
    <section class="drawer" id="operations" aria-label="Operations">
      <header>
        <h2>Operations</h2>
        {imports && <ImportButton />}
        <button type="button" class="plain" aria-label="Close Operations" onClick={() => operations.setOpen(false)}>
          <Icon name="close" />
        </button>
      </header>
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The operations" stale={items !== undefined} retry={() => void operations.look()} />
      )}
      <ul>
        {operations.uploads.value.map((upload) => (
          <UploadRow key={upload.key} upload={upload} />
        ))}
        {items?.map((operation) => (
          <OperationRow key={operation.id} operation={operation} stalled={operations.stalled.value.has(operation.id)} />
        ))}
      </ul>
      {items?.length === 0 && operations.uploads.value.length === 0 && (
        <p class="quiet">Nothing runs.{imports && ' Import a recorded file here, or drop one anywhere on the page.'}</p>
      )}
    </section>
  );
}

/** Chooses files to import. */
export function ImportButton() {
  const { operations } = useConsole();
  const chooser = useRef<HTMLInputElement>(null);
  const onChange = (): void => {
    void operations.importFiles([...(chooser.current?.files ?? [])]);
    if (chooser.current !== null) chooser.current.value = '';
  };
  return (
    <>
      <input ref={chooser} type="file" multiple hidden onChange={onChange} />
      <button
        type="button"
        title="WfFormat, a Temporal history, a Jaeger trace, lines of CloudEvents; also as .gz"
        onClick={() => chooser.current?.click()}
      >
        <Icon name="upload" /> Import…
      </button>
    </>
  );
}

function UploadRow({ upload }: { upload: Upload }) {
  const { operations } = useConsole();
  const { name, problem } = upload;
  if (problem === undefined)
    return (
      <li class="operation">
        <span class="operation-name">{name}</span>
        <progress aria-label={`Sending ${name}`} />
        <span class="operation-words">Sending</span>
      </li>
    );
  return (
    <li class="operation failed">
      <span class="operation-name">{name}</span>
      <span class="operation-words problem-line">Not imported: {problem.message}</span>
      <button type="button" class="plain" aria-label={`Dismiss ${name}`} onClick={() => operations.dismiss(upload)}>
        <Icon name="close" />
      </button>
    </li>
  );
}
