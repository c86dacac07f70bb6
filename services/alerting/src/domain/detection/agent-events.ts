// What agents said, in the steps of tmws.workflow, in attributes of ATR's names, and in OpenTelemetry's of generative AI.
// Names: OpenTelemetry semantic conventions, Generative AI, 1.37 and the older `gen_ai.prompt` and `gen_ai.completion`.
import { type AtrEvent, atrEventTypes } from '@tmws/detection';

type Json = Readonly<Record<string, unknown>>;

/** Most steps of one report that are looked at. */
const mostSteps = 10_000;

/**
 * The events of agents in the data of an event: of a step, of each step of a report, or of an event whose attributes say it.
 * A tool's call and its answer, and what a model read and said, are events of their own.
 */
export function agentEvents(data: unknown): AtrEvent[] {
  if (!isMap(data)) return [];
  const { facts } = data;
  if (Array.isArray(facts))
    return facts.slice(0, mostSteps).flatMap((fact: unknown) => (isMap(fact) && isMap(fact.step) ? eventsOfStep(fact.step) : []));
  return eventsOfStep(data);
}

function eventsOfStep(step: Json): AtrEvent[] {
  const attributes = isMap(step.attributes) ? step.attributes : step;
  const type = firstText(attributes, ['atr_type', 'type']);
  const content = firstText(attributes, ['content']);
  if (content !== '' && atrEventTypes.some((known) => known === type)) return [{ type, content, fields: atrFields(attributes) }];
  const attribute = (...names: string[]): string => firstText(attributes, names);
  const operation = attribute('gen_ai.operation.name');
  const kind = typeof step.kind === 'string' ? step.kind : '';
  const [input, output] = [payload(step.input), payload(step.output)];
  if (kind === 'tool' || operation === 'execute_tool' || attribute('gen_ai.tool.name') !== '') {
    const tool = attribute('gen_ai.tool.name') || firstText(step, ['name', 'stepId', 'step_id']);
    const args = attribute('gen_ai.tool.call.arguments') || input;
    const answer = attribute('gen_ai.tool.call.result') || output;
    return [
      ...(tool === '' && args === ''
        ? []
        : [event('tool_call', [tool, args].filter((part) => part !== '').join(' '), tool, args)]),
      ...(answer === '' ? [] : [event('tool_response', answer, tool)]),
    ];
  }
  const asked = attribute('gen_ai.input.messages', 'gen_ai.prompt', 'gen_ai.system_instructions');
  const said = attribute('gen_ai.output.messages', 'gen_ai.completion');
  const model = kind === 'llm' || kind === 'agent' || operation !== '';
  const read = asked || (model ? input : '');
  const answer = said || (model ? output : '');
  return [...(read === '' ? [] : [event('llm_input', read)]), ...(answer === '' ? [] : [event('llm_output', answer)])];
}

function event(type: string, content: string, tool = '', args = ''): AtrEvent {
  const fields = { ...(tool !== '' && { tool_name: tool }), ...(args !== '' && { tool_args: args }) };
  return { type, content, fields };
}

/** Fields of ATR that lie beside the content, or below `fields`. */
function atrFields(attributes: Json): Record<string, string> {
  const given = isMap(attributes.fields) ? attributes.fields : attributes;
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (typeof value === 'string' && name !== 'content' ? [[name, value]] : [])),
  );
}

/** What a payload holds itself; what it only refers to is not there. */
function payload(value: unknown): string {
  if (!isMap(value)) return asText(value);
  return asText('inline' in value ? value.inline : 'ref' in value ? undefined : value);
}

function firstText(map: Json, names: readonly string[]): string {
  for (const name of names) {
    const text = asText(map[name]);
    if (text !== '') return text;
  }
  return '';
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
