import type { ImportFiles } from '../import-ports.ts';
import type { RetentionStore } from '../ports.ts';

/** Files of which no execution is left go too: a rebuild would bring back what was deleted or is no longer kept. */
export async function dropEmptyImports(store: RetentionStore, files: Pick<ImportFiles, 'drop'>): Promise<void> {
  const empty = await store.emptyImports();
  if (empty.length === 0) return;
  // The file first: an import that is known without its file is looked at again, a file without its import would be imported.
  for (const id of empty) await files.drop(id);
  await store.forgetImports(empty);
}
