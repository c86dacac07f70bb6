import type { AtrEvent } from '@tmws/detection';

/** A rule of the package, as far as its cases need it. */
export interface RawRule {
  readonly id: string;
  readonly agent_source?: { readonly type?: string };
  readonly test_cases?: { readonly true_positives?: readonly Case[]; readonly true_negatives?: readonly Case[] };
}
type Case = Readonly<Record<string, unknown>>;

export interface AtrCase {
  readonly rule: RawRule;
  readonly positive: boolean;
  readonly event: AtrEvent;
}

const typeOfSource: Readonly<Record<string, string>> = {
  llm_io: 'llm_input',
  tool_call: 'tool_call',
  mcp_exchange: 'tool_response',
  agent_behavior: 'agent_behavior',
  multi_agent_comm: 'multi_agent_message',
  skill_lifecycle: 'tool_call',
  skill_permission: 'tool_call',
  skill_chain: 'tool_call',
};

/** The labelled cases of a rule as events, shaped as the package's own `atr test` shapes them. */
export function casesOf(rule: RawRule): AtrCase[] {
  const { true_positives: positives = [], true_negatives: negatives = [] } = rule.test_cases ?? {};
  return [
    ...positives.map((each) => ({ rule, positive: true, event: eventOf(each, rule) })),
    ...negatives.map((each) => ({ rule, positive: false, event: eventOf(each, rule) })),
  ];
}

function eventOf(given: Case, rule: RawRule): AtrEvent {
  const input = given.input ?? given.user_input;
  const parts = isMap(input) ? input : {};
  const call = isMap(given.tool_call) ? given.tool_call : {};
  const name = text(given.tool_name) || text(call.name) || text(parts.tool_name);
  const args = text(given.tool_args) || text(call.args) || text(parts.tool_args);
  const response = text(given.tool_response) || text(parts.response) || text(parts.tool_response);
  const said = isMap(input) ? args || (response === '' ? text(input) : '') : text(input);
  const output = text(given.agent_output);
  const description = text(given.tool_description);
  const type = typeOfSource[rule.agent_source?.type ?? 'llm_io'] ?? 'llm_input';
  const content =
    type === 'tool_response' && response !== '' ? response : said || description || text(given.content) || response || output;
  const fields = {
    user_input: said || undefined,
    tool_response: response || undefined,
    agent_output: output || undefined,
    tool_description: description || undefined,
    tool_name: name,
    tool_args: args || said || undefined,
    content,
    agent_message: content,
  };
  return { type, content, fields };
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
