import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  BacktestRulesResponseSchema,
  GetRuleResponseSchema,
  ListRulesResponseSchema,
  ReloadRulesResponseSchema,
} from '@tmws/contracts';
import { z } from 'zod';
import type { Rules } from '../ports.ts';
import { plainQuery } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { answerLines } from './message-lines.ts';
import { limit, namespaced, plain, someOf } from './parameters.ts';
import { readJson, readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';
import { backtestRequest, reloadRequest, ruleKinds, rulePath } from './schemas/rule-requests.ts';
import { backtestLine, foundRule, reloadedRules, ruleList } from './schemas/rules.ts';

const tags = ['rules'];
const base = '/api/v1/rules';
const listQuery = z.strictObject(
  {
    ...namespaced,
    kind: someOf(ruleKinds, 'Any of these; repeated, or with commas between'),
    search: plain('Part of the id or title, in any case', 'sign-in'),
    limit: limit(100, 2000),
    cursor: plain('`nextCursor` of the page before', 'b2Zmc2V0OjUw'),
  },
  { error: 'kind, search, limit, cursor and namespace are taken' },
);

interface Needs {
  readonly rules: Rules;
  readonly maxBodyBytes: number;
}

/** Rules over events: what runs, what was refused, and what they would have found. */
export function ruleRoutes({ rules, maxBodyBytes }: Needs): Route[] {
  return [
    {
      method: 'get',
      path: base,
      operation: {
        operationId: 'listRules',
        summary: 'Rules over events that run, and those that were refused and why',
        description: 'Rules are those of the fleet; hits are those since the process began, verdicts those of the namespace.',
        tags,
        requestParams: { query: listQuery },
        responses: {
          200: { description: 'A page', content: { 'application/json': { schema: ruleList } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const { kind = [], search = '', limit: most = 0, cursor = '' } = readQuery(listQuery, request);
        const asked = { kinds: kind, search, limit: most, cursor };
        answer(response, ListRulesResponseSchema, await rules.listRules(asked, callOf(request, response)));
      },
    },
    {
      method: 'post',
      path: `${base}/reload`,
      needs: { scope: 'operate', everyNamespace: true },
      operation: {
        operationId: 'reloadRules',
        summary: 'Read the folders of rules again; a faulty rule is refused alone',
        description: 'It may be asked twice: an Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { query: plainQuery },
        requestBody: { required: false, content: { 'application/json': { schema: reloadRequest } } },
        responses: {
          200: { description: 'What runs after it', content: { 'application/json': { schema: reloadedRules } } },
          ...problems(400, 409, 413, 415, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        await readJson(reloadRequest, request, maxBodyBytes);
        answer(response, ReloadRulesResponseSchema, await rules.reloadRules({}, callOf(request, response)));
      },
    },
    {
      method: 'post',
      path: `${base}/backtest`,
      needs: { scope: 'read' },
      operation: {
        operationId: 'backtestRules',
        summary: 'Run rules over events of the log, and say what they would have raised',
        description:
          'Nothing is raised and nothing is kept. A line of JSON now and then says how far it is, as `progress`; the last has `report`. A line with ' +
          '`problem` says that it broke off. Who leaves ends it.',
        tags,
        requestParams: { query: plainQuery },
        requestBody: { required: true, content: { 'application/json': { schema: backtestRequest } } },
        responses: {
          200: { description: 'How far it is, then the report', content: { 'application/jsonl': { schema: backtestLine } } },
          ...problems(400, 404, 409, 413, 415, 429, 503),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { ids = [], text = '', from, to, labels = [] } = await readJson(backtestRequest, request, maxBodyBytes);
        const asked = {
          ...{ ids, text, labels },
          ...(from !== undefined && { from: timestampFromMs(Date.parse(from)) }),
          ...(to !== undefined && { to: timestampFromMs(Date.parse(to)) }),
        };
        const told = rules.backtestRules(asked, callOf(request, response));
        await answerLines(request, response, BacktestRulesResponseSchema, told);
      },
    },
    {
      method: 'get',
      path: `${base}/{id}`,
      operation: {
        operationId: 'getRule',
        summary: 'One rule that runs, and its text',
        tags,
        requestParams: { path: rulePath, query: plainQuery },
        responses: {
          200: { description: 'The rule', content: { 'application/json': { schema: foundRule } } },
          ...problems(400, 404, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const asked = readPath(rulePath, request);
        answer(response, GetRuleResponseSchema, await rules.getRule(asked, callOf(request, response)));
      },
    },
  ];
}
