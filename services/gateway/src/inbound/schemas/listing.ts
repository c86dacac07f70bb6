import type {
  FacetJson,
  FacetValueJson,
  FailureGroupJson,
  GetDurationsResponseJson,
  HistogramJson,
  HistogramSeriesJson,
  QueryFaultJson,
  QueryTermJson,
  SuggestionJson,
  SuggestResponseJson,
  SummarizeResponseJson,
  WorkflowDurationsJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { count, int64, messageJson, word } from './message-json.ts';

const truth = (description: string) => z.boolean().meta({ description, examples: [false] });
const ns = '4200000000';

const queryTerm = messageJson<QueryTermJson>()({
  start: count('Where it begins in q, in UTF-16 units'),
  end: count('Where it ends'),
  key: word('Before the colon; `text` for a free word', 'status'),
  not: truth('With a minus before it'),
}).meta({ id: 'QueryTerm' });

const facetValue = messageJson<FacetValueJson>()({
  value: word('Empty: those without', 'failed'),
  count: int64('How many executions', '41'),
}).meta({ id: 'FacetValue' });

const facet = messageJson<FacetJson>()({
  key: word('status, workflow, version, origin or error: the key of the query language', 'status'),
  values: z.array(facetValue).meta({ description: 'The most frequent first, at most 20' }),
  otherValues: count('How many other values there are'),
  others: int64('How many executions have them', '0'),
}).meta({ id: 'Facet' });

const series = messageJson<HistogramSeriesJson>()({
  status: word('Of the executions counted', 'failed'),
  counts: z.array(z.int().min(0)).meta({ description: 'One for each bucket', examples: [[0, 3, 1]] }),
}).meta({ id: 'HistogramSeries' });

const histogram = messageJson<HistogramJson>()({
  fromNs: int64('Where the first bucket begins, ns since the epoch'),
  bucketNs: int64('How long each is: a round length', '900000000000'),
  buckets: count('How many, at most 120'),
  series: z.array(series).meta({ description: 'One for each status that occurs' }),
}).meta({ id: 'Histogram', description: 'By when executions started' });

const failureGroup = messageJson<FailureGroupJson>()({
  fingerprint: word('Stays the same for the same cause', '5f3b1c0d9e8a7b64'),
  errorType: word('Empty: none was told', 'Timeout'),
  message: word('With * where words that hold digits differ', 'no answer in * s'),
  step: word('What the latest failed at; empty where that is not known or not the same', 'search-web'),
  count: count('How many failures'),
  firstNs: int64('When the first ended, ns since the epoch'),
  lastNs: int64('When the last ended'),
  exampleIds: z.array(z.string()).meta({ description: 'The latest, at most 5', examples: [['run-42']] }),
  q: word('The query that finds the group', 'status:failed error:Timeout message:"no answer in * s"'),
}).meta({ id: 'FailureGroup', description: 'Failures with the same type and, but for words that hold digits, the same message' });

export const summary = messageJson<SummarizeResponseJson>()({
  total: int64('How many match', '5120'),
  estimated: truth('There are more than 50,000 in the range of time: counts are of a sample, scaled up'),
  terms: z.array(queryTerm).meta({ description: 'The terms of q' }),
  facets: z.array(facet).meta({ description: 'By what executions are' }),
  histogram: histogram.optional(),
  groups: z.array(failureGroup).meta({ description: 'The largest first, at most 20' }),
  failuresGrouped: count('Of how many failures, the latest ones, at most 5,000'),
  moreFailures: truth('There are more'),
  atAnyTime: int64('When none match: how many do without from, to and started; -1 = more than are counted', '5120').optional(),
  inNamespace: int64('When none match: how many executions there are; -1 = more than are counted', '5120').optional(),
}).meta({ id: 'ExecutionSummary' });

const workflowDurations = messageJson<WorkflowDurationsJson>()({
  workflow: word('Its name', 'research-agent'),
  runs: count('How many were measured, at most 200'),
  p50Ns: int64('Half took at most so long', ns),
  p90Ns: int64('Nine of ten', ns),
  p95Ns: int64('Nineteen of twenty', ns),
  maxNs: int64('The longest', ns),
}).meta({ id: 'WorkflowDurations', description: 'Of its last completed executions' });

export const durations = messageJson<GetDurationsResponseJson>()({
  workflows: z.array(workflowDurations).meta({ description: 'The workflow that ran last first, at most 200' }),
  lookedAt: count('Among how many of the newest executions was looked'),
}).meta({ id: 'Durations' });

const suggestion = messageJson<SuggestionJson>()({
  text: word('Takes the place', 'status:'),
  note: word('What it means', 'planned, running, completed, …'),
  count: count('How many of the newest executions have it').optional(),
}).meta({ id: 'Suggestion' });

const fault = messageJson<QueryFaultJson>()({
  start: count('Where the wrong word begins'),
  end: count('Where it ends'),
  message: word('What is wrong, and what is allowed'),
}).meta({ id: 'QueryFault' });

export const suggestions = messageJson<SuggestResponseJson>()({
  start: count('What a choice replaces: from here'),
  end: count('up to here, in UTF-16 units'),
  items: z.array(suggestion),
  fault: fault.optional(),
}).meta({ id: 'Suggestions' });
