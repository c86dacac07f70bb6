import { hash } from 'node:crypto';

/** What rows amount to in any order: their number, and the sum of their SHA-256 in eight lanes of 32 bits. */
export interface Content {
  readonly rows: number;
  /** 64 hex digits. */
  readonly sum: string;
}

/** Counts and sums the lines of what COPY writes, piece by piece as it comes. */
export function openContentSum() {
  const lanes = new Uint32Array(8);
  let rows = 0;
  let rest: Buffer = Buffer.alloc(0);
  const add = (line: Buffer): void => {
    const digest = hash('sha256', line, 'buffer');
    for (let lane = 0; lane < 8; lane++) lanes[lane] = (lanes[lane] ?? 0) + digest.readUInt32BE(lane * 4);
    rows++;
  };
  return {
    /** @returns the piece as whole rows, with what was left of the piece before; undefined when no row ends in it */
    take(piece: Buffer): Buffer | undefined {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let at = 0;
      for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, at)) {
        add(bytes.subarray(at, end));
        at = end + 1;
      }
      rest = bytes.subarray(at);
      return at === 0 ? undefined : bytes.subarray(0, at);
    },
    /** @throws Error when the last row has no end */
    total(): Content {
      if (rest.length > 0) throw new Error('the last row of a table has no end');
      return { rows, sum: [...lanes].map((lane) => lane.toString(16).padStart(8, '0')).join('') };
    },
  };
}
