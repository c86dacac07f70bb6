import type { ExecutionScript, StepSpec } from '../script.ts';
import { tellExecution } from '../tell-execution.ts';
import { modelUsage, type Play, toolUsage } from './play.ts';

const claims = [0, 1, 2, 3];

const extract: StepSpec = { stepId: 'extract-claims', name: 'extract the claims', kind: 'llm' };
const checks: StepSpec[] = claims.map((i) => ({
  stepId: `check[${i}]`,
  name: `check claim ${i + 1}`,
  kind: 'tool',
  dependsOn: [{ stepId: 'extract-claims', kind: 'data' }],
}));
const verdict: StepSpec = {
  stepId: 'verdict',
  name: 'verdict',
  kind: 'llm',
  dependsOn: checks.map(({ stepId }) => ({ stepId, kind: 'data' })),
};

/** The child workflow of research-agent: four claims through a pool of two. @returns its script and when it ended */
export function tellFactCheck(
  play: Play,
  startMs: number,
  of: { parent: string; number: number; topic: string },
): { script: ExecutionScript; endMs: number } {
  const { random, pools, token, namespace } = play;
  const script = tellExecution({
    id: `fact-check-${token}-${of.number}`,
    workflow: { name: 'fact-check', version: '3' },
    name: `fact-check: ${of.topic}`,
    parentExecutionId: of.parent,
    ...(namespace !== undefined && { namespace }),
    steps: [extract, ...checks, verdict],
  });
  script.begin(startMs, { claims: claims.length });
  const extracted = script.step(extract, startMs + 40, [{ runMs: random.between(900, 1400), usage: modelUsage(random, 160) }]);
  const checked = checks.map((step, i) => {
    const runMs = random.between(1100, 1900);
    return script.step(step, extracted + 15 + 3 * i, [
      { pool: pools.index, runMs, usage: toolUsage(random, runMs), output: { holds: i !== 2 } },
    ]);
  });
  const judged = script.step(verdict, Math.max(...checked) + 20, [
    { runMs: random.between(700, 1200), usage: modelUsage(random, 120) },
  ]);
  const endMs = judged + 25;
  script.end(endMs, 'completed', { output: { holds: 3, doubtful: 1 } });
  return { script, endMs };
}
