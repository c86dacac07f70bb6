// Executions of any shape for property tests: nested steps, tries, waits, dependencies, steps keyed by spans, odd names.
import fc from 'fast-check';
import type { Attempt, StepStatus } from '../src/domain/attempt.ts';
import { stepKeyOf } from '../src/domain/step-key.ts';

export const t0 = 1_772_366_400_000_000_000n;

const statuses: readonly StepStatus[] = [
  'completed',
  'completed',
  'completed',
  'failed',
  'timed_out',
  'running',
  'queued',
  'skipped',
];

const id = fc.oneof(
  fc.nat(40).map((n) => `step-${n}`),
  fc.nat(9).map((n) => `ID000${n}.x`),
  fc.constantFrom('plan', 'fan-out[3]', '0', '00', '7', 'a1b2', '"<&>\'', 'ü', '\u202Eabc', ''),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

const one = fc.record({
  id,
  under: maybe(fc.nat(30)),
  strayPath: fc.boolean(),
  span: fc.boolean(),
  name: fc.oneof(fc.constant(''), id),
  kind: fc.constantFrom('', 'tool', 'llm'),
  tries: fc.array(
    fc.record({
      status: fc.constantFrom(...statuses),
      ready: maybe(fc.nat(50)),
      queued: maybe(fc.nat(50)),
      start: maybe(fc.nat(2000)),
      length: fc.oneof(fc.nat(5), fc.nat(3000)),
      usage: maybe(
        fc.record({
          cpuSeconds: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6 }), fc.constantFrom(NaN, -1, Infinity)),
          memoryBytes: fc.oneof(fc.constant('0'), fc.nat(2 ** 31 - 1).map(String)),
          tokens: fc.oneof(fc.constant('0'), fc.nat(5000).map(String), fc.constant('9223372036854775807')),
          costUsd: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100, noNaN: true })),
        }),
      ),
      waits: fc.array(
        fc.record({ from: fc.nat(2000), length: maybe(fc.nat(100)), kind: fc.constantFrom('timer', 'rate_limit', 'own') }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 4 },
  ),
  on: fc.array(fc.nat(30), { maxLength: 2 }),
  iteration: fc.nat(2),
});

/** Attempts of one execution. `unit` is what one is in ns: all times are multiples of it. */
export const arbitraryAttempts = fc
  .record({ steps: fc.array(one, { maxLength: 60 }), unit: fc.constantFrom(1n, 1000n, 1_000_000n, 1_000_000_000n) })
  .map(({ steps, unit }) => {
    const ns = (n: number | undefined): bigint | undefined => (n === undefined ? undefined : t0 + BigInt(n) * unit);
    const places: { path: readonly string[]; id: string; iteration: number }[] = [];
    const attempts = new Map<string, Attempt>();
    for (const [i, step] of steps.entries()) {
      const above = step.under === undefined ? undefined : places[step.under];
      const path = step.strayPath ? ['nowhere', `x${i % 3}`] : above === undefined ? [] : [...above.path, above.id];
      const place = { path, id: step.id, iteration: step.iteration };
      places.push(place);
      const stepKey = step.span ? stepKeyOf([String(i)], step.id, 0).slice(0, 16) : stepKeyOf(path, step.id, step.iteration);
      for (const [n, tried] of (step.tries.length === 0 ? [undefined] : step.tries).entries()) {
        const open = tried === undefined || ['running', 'queued'].includes(tried.status);
        const start = tried?.start;
        const attempt: Attempt = {
          step: { stepKey, stepId: step.id, path, iteration: step.iteration },
          attempt: tried === undefined ? 0 : n + 1,
          status: tried?.status ?? 'planned',
          span: undefined,
          name: step.name,
          kind: step.kind,
          readyNs: tried?.ready === undefined || start === undefined ? ns(tried?.ready) : ns(start - tried.ready),
          queuedNs: ns(tried?.queued),
          startNs: tried?.status === 'queued' ? undefined : ns(start),
          endNs: open ? undefined : ns((start ?? 0) + tried.length),
          waits: (tried?.waits ?? []).map(({ from, length, kind }) => ({
            kind,
            fromNs: t0 + BigInt(from) * unit,
            toNs: length === undefined ? undefined : t0 + BigInt(from + length) * unit,
            reason: length === undefined ? '' : `r${length % 3}`,
          })),
          dependsOn: step.on.flatMap((at) => {
            const other = places[at];
            return other === undefined
              ? []
              : [{ stepId: other.id, kind: 'data', path: other.path, iteration: other.iteration, spanId: undefined }];
          }),
          resource: i % 4 === 0 ? undefined : { pool: `p${i % 2}`, worker: `w-${i % 5}`, cores: 1 },
          usage: tried?.usage,
          error: undefined,
        };
        attempts.set(`${stepKey} ${attempt.attempt}`, attempt);
      }
    }
    return [...attempts.values()];
  });
