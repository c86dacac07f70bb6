import type { GrpcCall } from '@tmws/contracts';

export interface Heard {
  readonly method: string;
  readonly request: unknown;
  readonly call: GrpcCall;
}

/** Canned answers of a service; replace one to make it misbehave. */
export type Answers<H> = { -readonly [K in keyof H]: H[K] };

/** Handlers that answer as `answers` says at the time, and tell `heard` of each call. */
export function overheard<H extends object>(answers: Answers<H>, heard: Heard[]): H {
  const handlers = Object.keys(answers).map((method) => [
    method,
    (request: unknown, call: GrpcCall) => {
      heard.push({ method, request, call });
      return (answers[method as keyof H] as (request: unknown, call: GrpcCall) => unknown)(request, call);
    },
  ]);
  return Object.fromEntries(handlers) as H;
}
