import type { ExecutionJson, GetGraphResponseJson, GetStepResponseJson, StepAttemptJson, StepPayloadJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import type { Client } from '../client.ts';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';
import { printList, printObject } from '../output.ts';
import { lookAtRun } from '../which-run.ts';
import { waitColumns, waitLines } from './run-waits.ts';

/** `tmws run step ID STEP`: one step, by its key, id or name. As JSON it is the API's own object. */
export async function runStep(context: Context, reference: string, step: string): Promise<void> {
  const { terminal, format } = context;
  const client = context.client();
  const pathOf = (id: string): string => `/api/v1/executions/${encodeURIComponent(id)}`;
  const { id = '' } = await lookAtRun(client, reference, (run) => client.get<ExecutionJson>(pathOf(run)));
  const stepKey = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(step) ? step : await stepKeyOf(client, pathOf(id), id, step);
  const found = await client.get<GetStepResponseJson>(`${pathOf(id)}/steps/${stepKey}`);
  await printObject(context, found, fieldsOf(found));
  if (format !== 'table' && format !== 'plain') return;
  const lines = waitLines(found.waits === undefined ? [] : [found.waits]);
  if (lines.length > 0) {
    await terminal.print('\n');
    await printList(context, waitColumns, lines);
  }
}

/** @throws Failure `not_found`, or `invalid` when several steps have the id or name */
async function stepKeyOf(client: Client, base: string, id: string, step: string): Promise<string> {
  const { nodes = [] } = await client.get<GetGraphResponseJson>(`${base}/graph`);
  const byId = nodes.filter(({ stepId }) => stepId === step);
  const found = byId.length > 0 ? byId : nodes.filter(({ name }) => name === step);
  const keys = found.flatMap(({ stepKey }) => (stepKey === undefined ? [] : [stepKey]));
  if (keys.length > 1) {
    const named = `${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', …' : ''}`;
    throw Failure.of(
      'invalid',
      `${keys.length} steps of run ${id} are called ${JSON.stringify(step)}; give the key of one: ${named}`,
    );
  }
  const [key] = keys;
  if (key !== undefined) return key;
  throw Failure.of(
    'not_found',
    `run ${id} has no step ${JSON.stringify(step)}`,
    `\`tmws run timeline ${id}\` shows the steps it has`,
  );
}

function fieldsOf({ row = {}, attempts = [], dependsOn = [], dependents = [], waits, drag, straggler }: GetStepResponseJson) {
  const length = (ns: string | undefined): string => formatDuration(Number(ns ?? 0));
  const names = (refs: typeof dependsOn): string => refs.map(({ stepId = '' }) => stepId).join(', ');
  return [
    ['step', row.stepId ?? ''],
    ['name', row.name === row.stepId ? '' : (row.name ?? '')],
    ['key', row.stepKey ?? ''],
    ['kind', row.kind ?? ''],
    ['path', (row.path ?? []).join('/')],
    ['status', row.status ?? ''],
    ['depends on', names(dependsOn)],
    ['then', names(dependents)],
    ['waited', waits === undefined ? '' : `${length(waits.waitedNs)}, ran ${length(waits.ranNs)}`],
    ['drag', drag === undefined ? '' : `${length(drag.dragNs)}, slack ${length(drag.slackNs)}`],
    [
      'with workers',
      drag?.resourceDragNs === undefined ? '' : `${length(drag.resourceDragNs)}, slack ${length(drag.resourceSlackNs)}`,
    ],
    ['do', drag?.feasibility?.reason ?? ''],
    [
      'straggler',
      straggler === undefined
        ? ''
        : `${length(straggler.excessNs)} over the median of ${straggler.siblings ?? 0} like it${straggler.noImpact === true ? ', no impact' : ''}`,
    ],
    ...attempts.flatMap(attemptFields),
  ] as const;
}

function attemptFields({ attempt = 0, status = '', facts = [], input, output, attributes }: StepAttemptJson) {
  const told = facts.map(({ type = '' }) => type).join(', ');
  const of = attempt === 0 ? 'plan' : `try ${attempt}`;
  return [
    [of, `${status}${told === '' ? '' : ` (told: ${told})`}`],
    [`${of} input`, payloadText(input)],
    [`${of} output`, payloadText(output)],
    [`${of} attributes`, payloadText(attributes)],
  ] as const;
}

function payloadText(payload: StepPayloadJson | undefined): string {
  if (payload === undefined) return '';
  const { inline, ref = '', bytes = '0', truncated = false, wholeRef = '', wholeBytes } = payload;
  if (inline !== undefined) return JSON.stringify(inline);
  if (ref !== '') return `${bytes} bytes at ${ref}${truncated ? `, the beginning of ${wholeBytes ?? '?'} bytes` : ''}`;
  return wholeRef;
}
