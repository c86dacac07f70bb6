// Events of agents as ATR has them, and which of their parts a rule means by a field.
import type { AtrRule } from './rule.ts';

export const atrEventTypes = [
  'llm_input',
  'llm_output',
  'tool_call',
  'tool_response',
  'agent_behavior',
  'multi_agent_message',
] as const;

export interface AtrEvent {
  /** One of `atrEventTypes`; an event of another type is for every rule. */
  readonly type: string;
  readonly content: string;
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** `skill`: the content is a whole SKILL.md, and every field means it. */
  readonly scanContext?: string;
}

const sourceOfType: Readonly<Record<string, string>> = {
  llm_input: 'llm_io',
  llm_output: 'llm_io',
  tool_call: 'tool_call',
  tool_response: 'mcp_exchange',
  agent_behavior: 'agent_behavior',
  multi_agent_message: 'multi_agent_comm',
};

/** The field that is the content of an event of this type. */
const contentField: Readonly<Record<string, string>> = {
  llm_input: 'user_input',
  llm_output: 'agent_output',
  tool_call: 'tool_name',
  tool_response: 'tool_response',
  agent_behavior: 'metric',
  multi_agent_message: 'agent_message',
};

/**
 * Whether a rule is for events of this type. Rules for what models read are asked of what tools answer too, since that is how
 * injections come in; rules for MCP exchanges of tool calls too.
 */
export function isForType({ agentSource }: AtrRule, { type, scanContext }: AtrEvent): boolean {
  const source = sourceOfType[type];
  if (scanContext === 'skill' || source === undefined || agentSource === source) return true;
  return (agentSource === 'mcp_exchange' && source === 'tool_call') || (agentSource === 'llm_io' && source === 'mcp_exchange');
}

/** What a rule means by a field; undefined if the event has none of it. */
export function fieldOf(event: AtrEvent, name: string): string | undefined {
  const { type, content, fields, metadata, scanContext } = event;
  if (scanContext === 'skill' && content !== '') return content;
  const given = fields?.[name];
  if (given !== undefined && given !== '') return given;
  if (name === contentField[type] || name === 'content') return content;
  switch (name) {
    // What a tool answers is what the model reads next.
    case 'user_input':
    case 'agent_output':
      return given ?? (type === 'tool_response' ? content : undefined);
    case 'tool_name':
    case 'tool_args':
      return given ?? (type === 'tool_call' ? content : undefined);
    case 'tool_response':
    case 'agent_message':
      return given;
    default: {
      const value = metadata?.[name];
      return typeof value === 'string' ? value : undefined;
    }
  }
}

/** Every text of an event that a field may mean. */
export function textsOf({ content, fields = {}, metadata = {} }: AtrEvent): Set<string> {
  const all = [content, ...Object.values(fields), ...Object.values(metadata)];
  return new Set(all.filter((each): each is string => typeof each === 'string' && each !== ''));
}
