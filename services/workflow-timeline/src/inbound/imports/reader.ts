import type { Content } from './content.ts';
import type { GrowingExecution, ImportedExecution, ImportFormat } from './imported.ts';

/** What turns the recordings of one format into facts. */
export interface Reader {
  readonly format: ImportFormat;
  /** By what it is known, in words, for a file that no reader knows. */
  readonly knownBy: string;
  /** Decides by a look; a file that only begins right is refused by `read`, with the place. */
  readonly recognizes: (value: unknown) => boolean;
  /**
   * All of the file or nothing.
   *
   * @param ownId  for an execution that the file gives no id
   * @throws Problem `invalid` that names the place, the value and the remedy
   */
  readonly read: (content: Content, ownId: string) => readonly (ImportedExecution | GrowingExecution)[];
}
