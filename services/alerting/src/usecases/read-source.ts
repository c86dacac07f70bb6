import { Problem } from '@tmws/problems';
import { ConfigFaults } from '../domain/config/yaml-reading.ts';

/** A text that says how things are to be. */
export interface Source {
  /** As messages name it. */
  readonly name: string;
  readonly read: () => Promise<string>;
}

/** @throws Problem `precondition` that names the source, with every mistake and its line */
export async function readSource<T>({ name, read }: Source, parse: (text: string) => T): Promise<T> {
  let text: string;
  try {
    text = await read();
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    const why = code === 'ENOENT' ? 'it is not there' : typeof code === 'string' ? code : 'it cannot be read';
    throw new Problem('precondition', `${name}: ${why}`, { cause });
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    throw new Problem('precondition', `${name}: ${error.message}`, { cause: error });
  }
}
