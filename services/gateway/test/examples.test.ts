// The examples in the API's document were recorded of a fleet; e2e's scenario `examples` holds the fleet to them.
import { z } from 'zod';
import { type RecordedCall, recordedCalls } from '../src/inbound/examples/with-examples.ts';
import { alertHistory, explanation } from '../src/inbound/schemas/alert-history.ts';
import { alertGroupList, alertList, changedAlerts, foundAlert } from '../src/inbound/schemas/alerts.ts';
import { bottlenecks } from '../src/inbound/schemas/bottlenecks.ts';
import { columns, columnsType } from '../src/inbound/schemas/columns.ts';
import { deadLetterList, replayAnswer } from '../src/inbound/schemas/dead-letters.ts';
import { receiverList, routing } from '../src/inbound/schemas/deliveries.ts';
import { eventResults } from '../src/inbound/schemas/events.ts';
import { execution, executionList } from '../src/inbound/schemas/execution.ts';
import { graph } from '../src/inbound/schemas/graph.ts';
import { importList, importSchema, operation, operationList } from '../src/inbound/schemas/imports.ts';
import { durations, suggestions, summary } from '../src/inbound/schemas/listing.ts';
import { problem } from '../src/inbound/schemas/problem.ts';
import { retention } from '../src/inbound/schemas/retention.ts';
import { silence, silenceList, silencePreview } from '../src/inbound/schemas/silences.ts';
import { step } from '../src/inbound/schemas/step.ts';
import { criticalPath, timeline } from '../src/inbound/schemas/timeline.ts';
import { waits } from '../src/inbound/schemas/waits.ts';
import { openGateway } from './open-gateway.ts';

const calls = recordedCalls();
const good = calls.filter(({ status }) => status < 300);
const plain = z.looseObject({});

const schemas: Readonly<Record<string, z.ZodType>> = {
  healthz: plain,
  readyz: plain,
  playDemo: plain,
  postEvents: eventResults,
  startImport: operation,
  listExecutions: executionList,
  summarizeExecutions: summary,
  suggestQuery: suggestions,
  getDurations: durations,
  getExecution: execution,
  getTimeline: timeline,
  getCriticalPath: criticalPath,
  getBottlenecks: bottlenecks,
  getGraph: graph,
  getWaits: waits,
  getStep: step,
  getRetention: retention,
  setRetention: retention,
  listImports: importList,
  getImport: importSchema,
  listOperations: operationList,
  getOperation: operation,
  listDeadLetters: deadLetterList,
  replayDeadLetters: replayAnswer,
  listAlerts: alertList,
  listAlertGroups: alertGroupList,
  getAlert: foundAlert,
  getAlertHistory: alertHistory,
  listAlertHistory: alertHistory,
  explainAlert: explanation,
  explainLabels: explanation,
  acknowledgeAlerts: changedAlerts,
  unacknowledgeAlerts: changedAlerts,
  assignAlerts: changedAlerts,
  commentAlerts: changedAlerts,
  previewSilence: silencePreview,
  createSilence: silence,
  listSilences: silenceList,
  listReceivers: receiverList,
  getRouting: routing,
};

const isJson = ({ contentType }: RecordedCall): boolean => contentType === 'application/json';

test.each(good.filter(isJson).map((call) => [call.call, call] as const))(
  'the answer of %s is what its schema says',
  (_, call) => {
    const schema = schemas[call.operationId];
    expect(schema).toBeDefined();
    expect(schema?.parse(call.answer)).toEqual(call.answer);
  },
);

test('the columns of the example are what their schema says', () => {
  const recorded = good.find(({ contentType }) => contentType === columnsType);
  expect(columns.parse(recorded?.answer)).toEqual(recorded?.answer);
});

test('refusals are problems', () => {
  const refused = calls.filter(({ status }) => status >= 400);
  expect(refused.map(({ status }) => status)).toEqual([404, 400]);
  for (const { answer } of refused) expect(problem.parse(answer)).toEqual(answer);
});

test('the waits of the example sum to what they say', () => {
  const { steps } = waits.parse(good.find(({ operationId }) => operationId === 'getWaits')?.answer);
  expect(steps.length).toBeGreaterThan(0);
  for (const { waitedNs, ranNs, fromNs, endNs, pieces } of steps) {
    const ns = pieces.flatMap(({ causes }) => causes).reduce((sum, cause) => sum + BigInt(cause.ns), 0n);
    expect(ns).toBe(BigInt(waitedNs));
    expect(BigInt(waitedNs) + BigInt(ranNs)).toBe(BigInt(endNs) - BigInt(fromNs));
  }
});

test('every operation that answers JSON shows what it answered', async () => {
  await using gateway = await openGateway();
  const { paths } = (await (await gateway.get('/api/v1/openapi.json')).json()) as {
    paths: Record<
      string,
      Record<string, { operationId: string; responses: Record<string, { content?: Record<string, object> }> }>
    >;
  };
  const without = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter(({ responses }) => {
      const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const json = good.flatMap(([, { content = {} }]) => content['application/json'] ?? []);
      return json.length > 0 && !json.some((each) => 'examples' in each);
    });
  // Of a value by its hash there is only the value; the document does not show itself; cancelling has a race in it. The recorded fleet
  // has no sign-in and tells nobody, a silence's id is in no call, and no rule of files runs there.
  expect(without.map(({ operationId }) => operationId).sort()).toEqual([
    'cancelOperation',
    'changeSilence',
    'createKey',
    'expireSilence',
    'getNotification',
    'getRule',
    'getSession',
    'getSilence',
    'getStepPayload',
    'judgeAlerts',
    'listAudit',
    'listKeys',
    'listNotifications',
    'listRules',
    'openapi',
    'reloadRules',
    'replayNotifications',
    'revokeKey',
    'signIn',
    'takeSlackAction',
    'testReceiver',
    'verifyAudit',
  ]);
});
