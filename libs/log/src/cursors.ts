import { type Segment } from './segment.ts';

/** Readers remembered at a time. */
const remembered = 16;

/** Where readers that follow a log will go on, so that going on needs no search. */
export class Cursors {
  readonly #positions = new Map<number, { segment: Segment; position: number }>();

  /** Where the batch that begins at `offset` stands in the segment, if a reader came to it. */
  positionOf(offset: number, segment: Segment): number | undefined {
    const cursor = this.#positions.get(offset);
    return cursor?.segment === segment ? cursor.position : undefined;
  }

  /** A reader read from one offset up to another. */
  move(from: number, to: number, segment: Segment, position: number): void {
    this.#positions.delete(from);
    this.#positions.delete(to);
    this.#positions.set(to, { segment, position });
    if (this.#positions.size <= remembered) return;
    for (const oldest of this.#positions.keys()) return void this.#positions.delete(oldest);
  }
}
