// The calls whose answers are the examples of the API, against a fleet that holds nothing yet.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cacheDir, eventually, installKcat } from '@tmws/testkit';
import type { Running } from '../fleet.ts';
import { badRecord, factCheck, oneEvent, pushed, recordedWorkflow, told } from './inputs.ts';

/** A call and its answer, as they were. */
export interface Recorded {
  readonly operationId: string;
  /** As one writes it: `GET /api/v1/executions?limit=2`. */
  readonly call: string;
  readonly request?: { readonly contentType: string; readonly body: unknown };
  readonly status: number;
  readonly contentType: string;
  /** JSON, or text. Of an answer without a body: undefined. */
  readonly answer: unknown;
}

interface Call {
  readonly operationId: string;
  readonly call: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

const columns = 'application/vnd.tmws.timeline.columns+json';
const execution = `/api/v1/executions/${encodeURIComponent(factCheck)}`;

/** All recordings, in the order of the calls. */
export async function playExamples(fleet: Running): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const record = async (call: Call): Promise<Recorded> => {
    const one = await ask(fleet.url, call);
    recorded.push(one);
    return one;
  };
  const structured = { 'content-type': 'application/cloudevents+json' };
  const json = { 'content-type': 'application/json' };

  await record({ operationId: 'healthz', call: 'GET /healthz' });
  await record({ operationId: 'readyz', call: 'GET /readyz' });
  await record({ operationId: 'postEvents', call: 'POST /api/v1/events', headers: structured, body: oneEvent });
  await fill(fleet);
  await record({
    operationId: 'startImport',
    call: 'POST /api/v1/imports?name=thumbnails.json&wait=30s',
    headers: json,
    body: recordedWorkflow,
  });

  await record({ operationId: 'listExecutions', call: 'GET /api/v1/executions?sort=startedAt&limit=2' });
  await record({ operationId: 'summarizeExecutions', call: 'GET /api/v1/executions/summary' });
  await record({ operationId: 'suggestQuery', call: 'GET /api/v1/executions/suggest?q=status%3Aco' });
  await record({ operationId: 'getDurations', call: 'GET /api/v1/executions/durations' });
  await record({ operationId: 'exportExecutions', call: 'GET /api/v1/executions/export?format=csv&q=workflow%3Acheckout' });
  await record({ operationId: 'getExecution', call: `GET ${execution}` });
  await record({ operationId: 'getTimeline', call: `GET ${execution}/timeline` });
  await record({ operationId: 'getTimeline', call: `GET ${execution}/timeline`, headers: { accept: columns } });
  await record({ operationId: 'getCriticalPath', call: `GET ${execution}/critical-path` });
  await record({ operationId: 'getBottlenecks', call: `GET ${execution}/bottlenecks?limit=3` });
  const graph = await record({ operationId: 'getGraph', call: `GET ${execution}/graph` });
  await record({ operationId: 'getGraph', call: `GET ${execution}/graph?format=dot` });
  await record({ operationId: 'getGraph', call: `GET ${execution}/graph?format=mermaid` });
  await record({ operationId: 'getWaits', call: `GET ${execution}/waits?limit=2` });
  const { nodes } = graph.answer as { nodes: { stepKey: string }[] };
  await record({ operationId: 'getStep', call: `GET ${execution}/steps/${nodes.at(-1)?.stepKey ?? ''}` });
  await record({ operationId: 'getRetention', call: 'GET /api/v1/retention?days=90' });
  await record({ operationId: 'setRetention', call: 'PUT /api/v1/retention', headers: json, body: { days: 90 } });
  const imports = await record({ operationId: 'listImports', call: 'GET /api/v1/imports' });
  const [first] = (imports.answer as { items: { id: string }[] }).items;
  await record({ operationId: 'getImport', call: `GET /api/v1/imports/${first?.id ?? ''}` });
  await record({ operationId: 'listOperations', call: 'GET /api/v1/operations' });
  await record({ operationId: 'getOperation', call: `GET /api/v1/operations/${first?.id ?? ''}` });
  const letters = await record({ operationId: 'listDeadLetters', call: 'GET /api/v1/dead-letters' });
  const [letter] = (letters.answer as { items: { id: string }[] }).items;
  const replay = { ids: [letter?.id ?? ''] };
  await record({ operationId: 'replayDeadLetters', call: 'POST /api/v1/dead-letters/replay', headers: json, body: replay });
  await record({ operationId: 'deleteExecution', call: 'DELETE /api/v1/executions/order-4711' });
  await record({ operationId: 'playDemo', call: 'POST /api/v1/demo', headers: json, body: { seed: 7, fast: true } });
  await playAlerts(fleet, record);
  // How it refuses.
  await record({ operationId: 'getExecution', call: 'GET /api/v1/executions/order-4711' });
  await record({ operationId: 'listExecutions', call: 'GET /api/v1/executions?limit=0' });
  return recorded;
}

/** What one does with two alerts. Ids of silences are made up anew each time, so calls that name one are not recorded. */
async function playAlerts(fleet: Running, record: (call: Call) => Promise<Recorded>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const posted = await ask(fleet.alertmanager, { operationId: '', call: 'POST /api/v2/alerts', headers, body: pushed });
  assert.equal(posted.status, 200);
  const listed = await record({ operationId: 'listAlerts', call: 'GET /api/v1/alerts?filter=severity%3D%22critical%22' });
  const [alert] = (listed.answer as { items: { fingerprint: string }[] }).items;
  const fingerprint = alert?.fingerprint ?? '';
  const change = async (operationId: string, word: string, body: object): Promise<Recorded> =>
    await record({ operationId, call: `POST /api/v1/alerts/${word}`, headers, body: { fingerprints: [fingerprint], ...body } });
  await record({ operationId: 'listAlertGroups', call: 'GET /api/v1/alerts/groups' });
  await record({ operationId: 'explainAlert', call: `GET /api/v1/alerts/${fingerprint}/explain` });
  const { labels = {} } = pushed[1] ?? {};
  await record({ operationId: 'explainLabels', call: 'POST /api/v1/alerts/explain', headers, body: { labels } });
  await change('acknowledgeAlerts', 'acknowledge', { comment: 'on it', assign: true });
  await change('commentAlerts', 'comment', { text: 'restarted the checkout' });
  await change('assignAlerts', 'assign', { assignee: 'ann' });
  await record({ operationId: 'getAlert', call: `GET /api/v1/alerts/${fingerprint}` });
  await record({ operationId: 'getAlertHistory', call: `GET /api/v1/alerts/${fingerprint}/history` });
  await record({ operationId: 'listAlertHistory', call: 'GET /api/v1/alerts/history?kind=fired' });
  await change('unacknowledgeAlerts', 'unacknowledge', {});
  const matchers = [{ name: 'job', value: 'node', operator: '=' }];
  await record({ operationId: 'previewSilence', call: 'POST /api/v1/silences/preview', headers, body: { matchers } });
  const endsAt = '2099-01-01T00:00:00Z';
  const silence = { matchers, endsAt, comment: 'the disk is replaced' };
  await record({ operationId: 'createSilence', call: 'POST /api/v1/silences', headers, body: silence });
  await record({ operationId: 'listSilences', call: 'GET /api/v1/silences?state=active' });
  await record({ operationId: 'listReceivers', call: 'GET /api/v1/receivers' });
  await record({ operationId: 'getRouting', call: 'GET /api/v1/routing' });
}

/** Two executions of the demo and a dead letter, waited for. */
async function fill({ url, kafka }: Running): Promise<void> {
  const kcat = await installKcat(cacheDir());
  const headers = badRecord.headers.flatMap((header) => ['-H', header]);
  const child = spawn(kcat, ['-P', '-b', kafka, '-t', 'tmws.workflow', '-p', '0', ...headers], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end(badRecord.value);
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0, 'kcat failed');
  const batch = { 'content-type': 'application/cloudevents-batch+json' };
  const posted = await ask(url, { operationId: '', call: 'POST /api/v1/events', headers: batch, body: told });
  assert.equal(posted.status, 202);
  await eventually(async () => {
    const { answer } = await ask(url, { operationId: '', call: 'GET /api/v1/executions' });
    const { items } = answer as { items: { status: string }[] };
    assert.deepEqual(items.map(({ status }) => status).sort(), ['completed', 'completed', 'unknown']);
    const letters = await ask(url, { operationId: '', call: 'GET /api/v1/dead-letters' });
    assert.equal((letters.answer as { items: unknown[] }).items.length, 1);
  });
}

async function ask(url: string, { operationId, call, headers = {}, body }: Call): Promise<Recorded> {
  const [method = '', path = ''] = call.split(' ');
  const response = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const contentType = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  const text = await response.text();
  return {
    operationId,
    call,
    ...(body !== undefined && { request: { contentType: headers['content-type'] ?? '', body } }),
    status: response.status,
    contentType,
    answer: text === '' ? undefined : /[/+]json$/.test(contentType) ? (JSON.parse(text) as unknown) : text,
  };
}
