import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useConsole } from '../state/console.ts';

/** A file dropped anywhere on the page is imported, by who may. */
export function DropToImport() {
  const { operations, session, announcer } = useConsole();
  const imports = session.may('write');
  const over = useSignal(false);
  useEffect(() => {
    const listening = new AbortController();
    const on = (type: 'dragover' | 'dragleave' | 'drop', hear: (event: DragEvent) => void): void =>
      document.addEventListener(type, hear, { signal: listening.signal });
    on('dragover', (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      over.value = true;
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) over.value = false;
    });
    on('drop', (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      over.value = false;
      if (!imports) return announcer.say(notYours);
      void operations.importFiles([...(event.dataTransfer?.files ?? [])]);
    });
    return () => listening.abort();
  }, [operations, imports]);
  if (!over.value) return null;
  return (
    <div class="drop" aria-hidden="true">
      <p>{imports ? 'Drop to import' : notYours}</p>
    </div>
  );
}

const notYours = 'Importing needs the scope write, which your key does not have';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
