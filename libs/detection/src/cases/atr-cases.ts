// The labelled cases that rules of ATR ship: `test_cases.{true_positives,true_negatives}`.
import { atrDetector } from '../atr/detector.ts';
import type { AtrEvent } from '../atr/event.ts';
import type { AtrRule } from '../atr/rule.ts';
import { isMap } from '../sigma/detection.ts';
import type { CaseResult } from './run.ts';

export interface AtrCase {
  readonly name: string;
  readonly event: AtrEvent;
  readonly expected: boolean;
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

/** The cases of a rule's document as events, shaped as the package's own `atr test` shapes them. */
export function atrCases(document: unknown): AtrCase[] {
  if (!isMap(document) || !isMap(document.test_cases)) return [];
  const source = isMap(document.agent_source) ? document.agent_source.type : undefined;
  const type = typeOfSource[typeof source === 'string' ? source : 'llm_io'] ?? 'llm_input';
  const { true_positives: positives, true_negatives: negatives } = document.test_cases;
  const cases = (given: unknown, expected: boolean): AtrCase[] =>
    (Array.isArray(given) ? given : []).flatMap((each: unknown, i): AtrCase[] => {
      if (!isMap(each)) return [];
      const name = `true ${expected ? 'positive' : 'negative'} ${i + 1}`;
      const told = typeof each.description === 'string' ? `${name}: ${each.description}` : name;
      return [{ name: told, event: eventOf(each, type), expected }];
    });
  return [...cases(positives, true), ...cases(negatives, false)];
}

/** What comes of each case. */
export function runAtrCases(rule: AtrRule, cases: readonly AtrCase[]): CaseResult[] {
  const detector = atrDetector([rule]);
  return cases.map(({ name, event, expected }) => {
    const got = detector.detect(event).length;
    return { name, expected, got, at: got > 0 ? [1] : [], passed: got > 0 === expected };
  });
}

function eventOf(given: Readonly<Record<string, unknown>>, type: string): AtrEvent {
  const input = given.input ?? given.user_input;
  const parts = isMap(input) ? input : {};
  const call = isMap(given.tool_call) ? given.tool_call : {};
  const name = text(given.tool_name) || text(call.name) || text(parts.tool_name);
  const args = text(given.tool_args) || text(call.args) || text(parts.tool_args);
  const response = text(given.tool_response) || text(parts.response) || text(parts.tool_response);
  const said = isMap(input) ? args || (response === '' ? text(input) : '') : text(input);
  const output = text(given.agent_output);
  const description = text(given.tool_description);
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
