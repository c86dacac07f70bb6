import type { StepEventJson, WaitJson } from '@tmws/contracts';
import { type AttemptScript, rfc3339, waitJson } from './script.ts';

/** Emits `tmws.step.<type>` with the attempt's facts so far. */
export type EmitStep = (type: string, atMs: number, facts: StepEventJson) => void;

/**
 * Tells one attempt: ready, (waiting,) queued, started, (waiting within,) ended.
 *
 * Every event repeats the facts told before, so that each stands for itself. A wait is told twice: open when it begins, closed with
 * the next event. A second or later attempt that backs off is first `retry_scheduled`.
 *
 * @returns when it ended
 */
export function tellAttempt(emit: EmitStep, attempt: number, readyMs: number, script: AttemptScript): number {
  let facts: StepEventJson = {
    attempt,
    readyAt: rfc3339(readyMs),
    ...(script.input !== undefined && { input: { inline: script.input as never } }),
  };
  const closed: WaitJson[] = [];
  if (attempt === 1) emit('ready', readyMs, facts);

  let atMs = readyMs;
  for (const wait of script.before ?? []) {
    const type = wait.kind === 'retry_backoff' ? 'retry_scheduled' : 'ready';
    emit(type, atMs, { ...facts, waits: [...closed, waitJson(wait, atMs, false)] });
    closed.push(waitJson(wait, atMs, true));
    atMs += wait.ms;
  }
  if (closed.length > 0) facts = { ...facts, waits: [...closed] };

  const booking = script.pool?.book(atMs, script.runMs);
  if (booking !== undefined && script.pool !== undefined) {
    facts = { ...facts, queuedAt: rfc3339(atMs), resource: { pool: script.pool.name } };
    if (booking.startMs > atMs) emit('queued', atMs, facts);
    facts = { ...facts, resource: { pool: script.pool.name, worker: booking.worker, cores: 1 } };
    atMs = booking.startMs;
  }

  facts = { ...facts, startedAt: rfc3339(atMs) };
  emit('started', atMs, facts);
  const endMs = atMs + script.runMs;
  if (script.during !== undefined) {
    const { afterMs, ...wait } = script.during;
    emit('started', atMs + afterMs, { ...facts, waits: [...closed, waitJson(wait, atMs + afterMs, false)] });
    closed.push(waitJson(wait, atMs + afterMs, true));
    facts = { ...facts, waits: [...closed] };
    if (afterMs + wait.ms < script.runMs) emit('started', atMs + afterMs + wait.ms, facts);
  }
  emit(script.outcome ?? 'completed', endMs, {
    ...facts,
    finishedAt: rfc3339(endMs),
    ...(script.usage !== undefined && { usage: script.usage }),
    ...(script.output !== undefined && { output: { inline: script.output as never } }),
    ...(script.error !== undefined && { error: script.error }),
  });
  return endMs;
}
