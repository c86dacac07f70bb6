import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useConsole } from '../state/console.ts';

/** A file dropped anywhere on the page is imported. */
export function DropToImport() {
  const { operations } = useConsole();
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
      void operations.importFiles([...(event.dataTransfer?.files ?? [])]);
    });
    return () => listening.abort();
  }, [operations]);
  if (!over.value) return null;
  return (
    <div class="drop" aria-hidden="true">
      <p>Drop to import</p>
    </div>
  );
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
