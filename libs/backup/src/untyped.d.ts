declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** `COPY … TO STDOUT` as bytes. */
  export function to(text: string): Readable & Submittable;
  /** `COPY … FROM STDIN`: ends when the server has all. */
  export function from(text: string): Writable & Submittable;
}
