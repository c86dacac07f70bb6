// Which attribute of which convention means what. Every attribute of every version is read; of several that mean the same the
// first of this table counts. A convention that changes gets a new entry, and a line in attribute-map.test.ts.

/** What an attribute can tell of a step, or of the execution when its root bears it. */
export type TextRole =
  | 'namespace'
  | 'executionId'
  | 'parentExecutionId'
  | 'workflowName'
  | 'workflowVersion'
  | 'stepId'
  /** Names a step that only its span identifies. */
  | 'label'
  | 'agentName'
  | 'provider'
  | 'pool'
  | 'worker'
  | 'thread'
  | 'errorType';
export type CountRole =
  | 'iteration'
  /** Which try, from 1. */
  | 'attempt'
  /** How many tries came before, from 0. */
  | 'retries'
  | 'inputTokens'
  | 'outputTokens'
  | 'totalTokens'
  | 'memoryBytes';
export type NumberRole = 'costUsd' | 'cpuSeconds';
export type ListRole = 'path' | 'dependsOn';
/** What goes in and out: kept as the payloads of a step, not among its attributes. */
export type PayloadRole = 'input' | 'output';
export type Role = TextRole | CountRole | NumberRole | ListRole | PayloadRole | 'kind';

export interface Convention {
  readonly name: string;
  /** The version from which on it is written so; a later one stands above an earlier one. */
  readonly version: string;
  readonly reads: Partial<Record<Exclude<Role, 'kind'>, readonly string[]>>;
  /** What the value of an attribute says of the step's kind; `*` is any other value. */
  readonly kinds?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Its names are common words: they count only where this attribute is too. */
  readonly onlyWith?: string;
}

const genAiOperations = {
  chat: 'llm',
  generate_content: 'llm',
  text_completion: 'llm',
  embeddings: 'embedding',
  retrieval: 'retrieval',
  execute_tool: 'tool',
  invoke_agent: 'agent',
  create_agent: 'agent',
  invoke_workflow: 'workflow',
  plan: 'plan',
  '*': 'task',
} as const;

export const conventions: readonly Convention[] = [
  {
    name: 'tmws',
    version: '1',
    reads: {
      namespace: ['tmws.namespace'],
      executionId: ['tmws.execution.id'],
      parentExecutionId: ['tmws.execution.parent_id'],
      workflowName: ['tmws.workflow.name'],
      workflowVersion: ['tmws.workflow.version'],
      stepId: ['tmws.step.id'],
      path: ['tmws.step.path'],
      iteration: ['tmws.step.iteration'],
      attempt: ['tmws.step.attempt'],
      dependsOn: ['tmws.step.depends_on'],
      pool: ['tmws.resource.pool'],
      worker: ['tmws.resource.worker'],
      totalTokens: ['tmws.usage.tokens'],
      memoryBytes: ['tmws.usage.memory_bytes'],
      cpuSeconds: ['tmws.usage.cpu_seconds'],
      costUsd: ['tmws.usage.cost_usd'],
      input: ['tmws.step.input'],
      output: ['tmws.step.output'],
    },
    kinds: { 'tmws.step.kind': {} },
  },
  {
    name: 'hatchet',
    version: '1',
    reads: {
      executionId: ['hatchet.workflow_run_id'],
      workflowName: ['hatchet.workflow_name'],
      label: ['hatchet.step_run_id'],
      retries: ['hatchet.retry_count'],
      worker: ['hatchet.worker_id'],
    },
    kinds: { 'hatchet.step_run_id': { '*': 'task' } },
  },
  {
    // Its SDKs for TypeScript write `Id`, those for Go, Java and Python `ID`.
    name: 'temporal',
    version: '1',
    reads: {
      executionId: ['temporalRunID'],
      workflowName: ['temporalWorkflowType'],
      label: ['temporalActivityId', 'temporalActivityID'],
    },
    kinds: { temporalActivityId: { '*': 'activity' }, temporalActivityID: { '*': 'activity' } },
  },
  { name: 'temporal', version: '1 in TypeScript', onlyWith: 'temporalWorkflowId', reads: { executionId: ['run_id'] } },
  {
    name: 'gen_ai',
    version: '1.38',
    reads: {
      workflowName: ['gen_ai.workflow.name'],
      agentName: ['gen_ai.agent.name'],
      label: ['gen_ai.tool.name'],
      provider: ['gen_ai.provider.name'],
      inputTokens: ['gen_ai.usage.input_tokens'],
      outputTokens: ['gen_ai.usage.output_tokens'],
      costUsd: ['gen_ai.usage.cost'],
      input: ['gen_ai.input.messages', 'gen_ai.tool.call.arguments', 'gen_ai.retrieval.query.text'],
      output: ['gen_ai.output.messages', 'gen_ai.tool.call.result', 'gen_ai.retrieval.documents'],
    },
    kinds: { 'gen_ai.operation.name': genAiOperations },
  },
  { name: 'gen_ai', version: '1.27', reads: { provider: ['gen_ai.system'] } },
  {
    name: 'gen_ai',
    version: '1.26',
    reads: {
      inputTokens: ['gen_ai.usage.prompt_tokens'],
      outputTokens: ['gen_ai.usage.completion_tokens'],
      input: ['gen_ai.prompt'],
      output: ['gen_ai.completion'],
    },
  },
  {
    name: 'openinference',
    version: '0.1',
    reads: {
      label: ['tool.name'],
      agentName: ['agent.name'],
      provider: ['llm.provider', 'llm.system'],
      inputTokens: ['llm.token_count.prompt'],
      outputTokens: ['llm.token_count.completion'],
      totalTokens: ['llm.token_count.total'],
      costUsd: ['llm.cost.total'],
      input: ['input.value'],
      output: ['output.value'],
    },
    kinds: {
      'openinference.span.kind': {
        LLM: 'llm',
        TOOL: 'tool',
        AGENT: 'agent',
        CHAIN: 'chain',
        RETRIEVER: 'retrieval',
        EMBEDDING: 'embedding',
        RERANKER: 'rerank',
        GUARDRAIL: 'guardrail',
        EVALUATOR: 'evaluator',
        PROMPT: 'prompt',
        '*': 'task',
      },
    },
  },
  {
    name: 'traceloop',
    version: '0.1',
    reads: {
      workflowName: ['traceloop.workflow.name'],
      label: ['traceloop.entity.name'],
      inputTokens: ['llm.usage.prompt_tokens'],
      outputTokens: ['llm.usage.completion_tokens'],
      totalTokens: ['llm.usage.total_tokens'],
      input: ['traceloop.entity.input'],
      output: ['traceloop.entity.output'],
    },
    kinds: {
      'traceloop.span.kind': { workflow: 'workflow', task: 'task', agent: 'agent', tool: 'tool', '*': 'task' },
      'llm.request.type': { chat: 'llm', completion: 'llm', embedding: 'embedding', rerank: 'rerank', '*': 'llm' },
    },
  },
  {
    name: 'opentelemetry',
    version: '1.30',
    reads: {
      workflowVersion: ['service.version'],
      pool: ['service.name'],
      worker: ['service.instance.id', 'k8s.pod.name'],
      thread: ['thread.name', 'thread.id', 'host.name'],
      errorType: ['error.type'],
    },
    kinds: {
      'db.system.name': { '*': 'db' },
      'messaging.system': { '*': 'messaging' },
      'rpc.system': { '*': 'rpc' },
      'rpc.system.name': { '*': 'rpc' },
      'faas.trigger': { '*': 'faas' },
      'http.request.method': { '*': 'http' },
    },
  },
  { name: 'opentelemetry', version: '1.20', reads: {}, kinds: { 'db.system': { '*': 'db' }, 'http.method': { '*': 'http' } } },
];
