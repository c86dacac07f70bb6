import type { ExecutionScript, StepSpec } from '../script.ts';
import { tellExecution } from '../tell-execution.ts';
import { modelUsage, type Play, toolUsage } from './play.ts';

const classify: StepSpec = { stepId: 'classify', name: 'classify the ticket', kind: 'llm' };
const lookUp: StepSpec = {
  stepId: 'look-up',
  name: 'look up the account',
  kind: 'tool',
  dependsOn: [{ stepId: 'classify', kind: 'data' }],
};
const reply: StepSpec = { stepId: 'reply', name: 'draft a reply', kind: 'llm', dependsOn: [{ stepId: 'look-up', kind: 'data' }] };

/** A short run, as there are many in a day. */
export function tellSupportTriage(play: Play, startMs: number, number: number, ticket: string): ExecutionScript {
  const { random, pools, token, namespace } = play;
  const script = tellExecution({
    id: `support-triage-${token}-${number}`,
    workflow: { name: 'support-triage', version: '12' },
    name: ticket,
    ...(namespace !== undefined && { namespace }),
    steps: [classify, lookUp, reply],
  });
  script.begin(startMs, { ticket });
  const classified = script.step(classify, startMs + 15, [
    { runMs: random.between(500, 900), usage: modelUsage(random, 30), output: { topic: 'billing' } },
  ]);
  const runMs = random.between(200, 500);
  const found = script.step(lookUp, classified + 10, [{ pool: pools.index, runMs, usage: toolUsage(random, runMs) }]);
  const drafted = script.step(reply, found + 10, [{ runMs: random.between(1200, 2200), usage: modelUsage(random, 140) }]);
  script.end(drafted + 15, 'completed', { output: { drafted: true } });
  return script;
}
