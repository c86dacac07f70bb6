// The examples in the API's document, asked for again: what was recorded once is what a fleet answers now.
import { strict as assert } from 'node:assert';
import { tempDir } from '@tmws/testkit';
import { playExamples, type Recorded } from '../examples/play.ts';
import { startOneProcess } from '../fleet.ts';
import type { Scenario } from '../scenario.ts';

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly operationId: string;
  readonly responses: Record<
    string,
    { content?: Record<string, { examples?: Record<string, { summary: string; value: unknown }> }> }
  >;
}

/** What differs from one fleet to the next, or with the hour: only its kind is compared. */
const volatile = new Set([
  'asOfNs',
  'revision',
  'requestId',
  'traceId',
  'createdAt',
  'createdNs',
  'startedAt',
  'finishedAt',
  'receivedAt',
  'importedAt',
  'receivedNs',
  'updatedAt',
  'refusedAt',
  'etaSeconds',
  'rate',
  'bytes',
  'bytesPerDay',
  'oldestDay',
  'nextCursor',
  'executionIds',
  'seq',
  'at',
  'startsAt',
  'endsAt',
  'nextAt',
  'lastFiredAt',
  'loadedAt',
]);

export function examplesScenarios(): Scenario[] {
  return [{ name: 'examples: every example of the API is what a fleet answers', seconds: 6, run: examples }];
}

async function examples(): Promise<void> {
  await using dir = await tempDir('e2e-examples');
  const fleet = await startOneProcess(dir.path);
  try {
    const document = (await (await fetch(`${fleet.url}/api/v1/openapi.json`)).json()) as Document;
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    const played = await playExamples(fleet);
    for (const one of played.filter(({ answer }) => answer !== undefined))
      assert.deepEqual(steady(one.answer), steady(shown(operations, one)), one.call);
  } finally {
    await fleet.stop();
  }
}

function shown(operations: readonly Operation[], { operationId, status, contentType, call }: Recorded): unknown {
  const operation = operations.find((each) => each.operationId === operationId);
  const all = Object.values(operation?.responses[String(status)]?.content?.[contentType]?.examples ?? {});
  const found = all.find(({ summary }) => summary === call);
  assert.ok(found, `the document does not show ${call}, ${status} ${contentType}`);
  return found.value;
}

/** As silences have: made up anew each time. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function steady(value: unknown): unknown {
  if (typeof value === 'string' && uuid.test(value)) return 'a UUID';
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, volatile.has(key) ? typeof inner : steady(inner)]));
}
