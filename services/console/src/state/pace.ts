// How often a page that much happens on is drawn, told and asked for: each in its own rhythm, none of them more often than it can be done.
export interface Pace {
  /** What is drawn changed. */
  changed(): void;
  /** So may have the critical path. */
  pathChanged(): void;
  /** So many rows are drawn: the more there are, the more rarely all of them are laid out anew. */
  rows(count: number): void;
  /** Asking for it took so long: it is asked for in a tenth of the time at most. */
  pathTook(ms: number): void;
}

const drawEveryMs = 150;
const drawMsARow = 0.002;
const tellEveryMs = 1_000;
const pathEveryMs = 1_000;

/** Each is called after the first change, not after the last: a busy execution never rests. */
export function createPace(
  later: (work: () => void, ms: number) => unknown,
  calls: Readonly<Record<'draw' | 'tell' | 'path', () => void>>,
): Pace {
  const due = new Set<keyof typeof calls>();
  let pathMs = pathEveryMs;
  let drawMs = drawEveryMs;
  const soon = (what: keyof typeof calls, ms: number): void => {
    if (due.has(what)) return;
    due.add(what);
    later(() => {
      due.delete(what);
      calls[what]();
    }, ms);
  };
  return {
    changed() {
      soon('draw', drawMs);
      soon('tell', tellEveryMs);
    },
    pathChanged: () => soon('path', pathMs),
    rows: (count) => (drawMs = drawEveryMs + count * drawMsARow),
    pathTook: (ms) => (pathMs = Math.max(pathEveryMs, ms * 10)),
  };
}
