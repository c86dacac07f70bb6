import type { ExecutionEventJson, StepErrorJson, StepEventJson } from '@tmws/contracts';
import { type AttemptScript, type ExecutionScript, type ExecutionSpec, rfc3339, type StepSpec } from './script.ts';
import { type EmitStep, tellAttempt } from './tell-attempt.ts';
import type { TimedEvent } from './timed-event.ts';

/** Opens the script of one execution. Event ids are the execution's id and a number, so they are unique as far as it is. */
export function tellExecution(spec: ExecutionSpec): ExecutionScript {
  const events: TimedEvent[] = [];
  const emit = (type: string, atMs: number, data: ExecutionEventJson | StepEventJson): void => {
    const id = `${spec.id}/${String(events.length + 1).padStart(4, '0')}`;
    const namespace = spec.namespace === undefined ? {} : { tmwsnamespace: spec.namespace };
    const head = { specversion: '1.0', id, source: '/demo', type, subject: spec.id, time: rfc3339(atMs) } as const;
    events.push({ atMs, event: { ...head, datacontenttype: 'application/json', ...namespace, data } });
  };
  const parent = spec.parentExecutionId === undefined ? {} : { parentExecutionId: spec.parentExecutionId };
  const whole: ExecutionEventJson = { executionId: spec.id, workflow: spec.workflow, name: spec.name, ...parent };
  const emitStep =
    (step: StepSpec): EmitStep =>
    (type, atMs, facts) =>
      emit(`tmws.step.${type}`, atMs, { executionId: spec.id, workflow: spec.workflow, ...parent, ...step, ...facts });
  let startedAt: string | undefined;

  return {
    id: spec.id,
    events,
    begin(atMs, input, attributes) {
      emit('tmws.execution.planned', atMs, { ...whole, steps: [...spec.steps] });
      startedAt = rfc3339(atMs);
      const more = attributes === undefined ? {} : { attributes };
      emit('tmws.execution.started', atMs, { ...whole, startedAt, input: { inline: input as never }, ...more });
    },
    step(step, readyMs, attempts) {
      return attempts.reduce(
        (atMs: number, script: AttemptScript, i) => tellAttempt(emitStep(step), i + 1, atMs, script),
        readyMs,
      );
    },
    span(step, fromMs, toMs, outcome = 'completed', error?: StepErrorJson) {
      const facts = { readyAt: rfc3339(fromMs), startedAt: rfc3339(fromMs) };
      emitStep(step)('started', fromMs, facts);
      emitStep(step)(outcome, toMs, { ...facts, finishedAt: rfc3339(toMs), ...(error !== undefined && { error }) });
    },
    skip(step, atMs) {
      emitStep(step)('skipped', atMs, {});
    },
    end(atMs, outcome, { output, error } = {}) {
      const times = { ...(startedAt !== undefined && { startedAt }), finishedAt: rfc3339(atMs) };
      const result = {
        ...(output !== undefined && { output: { inline: output as never } }),
        ...(error !== undefined && { error }),
      };
      emit(`tmws.execution.${outcome}`, atMs, { ...whole, ...times, ...result });
    },
  };
}
