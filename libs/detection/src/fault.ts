// What is wrong with a rule, said so that its author finds the place.

export interface Fault {
  /** Where in the document, like `detection.selection.Image|endswith`; empty for the document itself. */
  readonly path: string;
  /** The line of the file, from 1; absent where the rule did not come as text. */
  readonly line?: number | undefined;
  readonly message: string;
}

/** A rule that is not run, and every reason why. The others of its file are. */
export interface Refusal {
  /** The name the reader was given for where the rule came from. */
  readonly source: string;
  /** Which document of a text of several, from 0. */
  readonly document: number;
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly faults: readonly Fault[];
}

/** Thrown by a part of the reader that cannot go on; whoever knows the place turns it into a Fault. */
export class RuleFault extends Error {
  override readonly name = 'RuleFault';
}

/** Collects faults by place; `at` runs a part and keeps what it throws. */
export class Faults {
  readonly #found: { path: readonly PathPart[]; message: string }[] = [];

  add(path: readonly PathPart[], message: string): void {
    this.#found.push({ path, message });
  }

  /** What `part` gives, or undefined with its RuleFault noted at `path`. */
  at<T>(path: readonly PathPart[], part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof RuleFault)) throw error;
      this.add(path, error.message);
      return undefined;
    }
  }

  /** What reading a rule gives, or undefined with whatever it throws noted: what no part of the reader can bear is that rule's fault alone. */
  whole<T>(read: () => T): T | undefined {
    try {
      return this.at([], read);
    } catch (error) {
      this.add([], `the rule cannot be read: ${Error.isError(error) ? error.message : String(error)}`);
      return undefined;
    }
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  list(lineOf: (path: readonly PathPart[]) => number | undefined): Fault[] {
    return this.#found.map(({ path, message }) => ({ path: path.join('.'), line: lineOf(path), message }));
  }
}

export type PathPart = string | number;

/** A fault as people read it: `rules/a.yml:12 detection.condition: there is no search identifier "x"`. */
export function faultText(source: string, { path, line, message }: Fault): string {
  return `${source}${line === undefined ? '' : `:${line}`}${path === '' ? '' : ` ${path}`}: ${message}`;
}
