import { Problem } from '@tmws/problems';

/** How much of requests lies in memory at once; more is turned away until some of it is on the log. */
export interface Admission {
  /** @throws Problem `unavailable` when there is no room */
  enter(): Admitted;
}

export interface Admitted {
  /** Takes room for what comes. @throws Problem `unavailable` */
  readonly take: (bytes: number) => void;
  /** Gives all of it back. Twice is harmless. */
  readonly leave: () => void;
}

/** @param maxRequests  at once, however small */
export function openAdmission(maxBytes: number, maxRequests: number): Admission {
  let bytes = 0;
  let requests = 0;
  const full = (): Problem =>
    new Problem('unavailable', 'too much waits to be written at the moment; send it again in a second', { retryAfterMs: 1000 });
  return {
    enter() {
      if (requests >= maxRequests || bytes >= maxBytes) throw full();
      requests++;
      let own = 0;
      let gone = false;
      return {
        take(more) {
          if (bytes + more > maxBytes) throw full();
          own += more;
          bytes += more;
        },
        leave() {
          if (gone) return;
          gone = true;
          requests--;
          bytes -= own;
        },
      };
    },
  };
}
