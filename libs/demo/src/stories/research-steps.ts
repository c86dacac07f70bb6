import type { StepSpec } from '../script.ts';

const after = (...stepIds: string[]): StepSpec['dependsOn'] => stepIds.map((stepId) => ({ stepId, kind: 'data' }));

/** The steps of one branch of the fan-out; they lie under the step of the branch. */
export interface BranchSteps {
  readonly branch: StepSpec;
  readonly search: StepSpec;
  readonly read: StepSpec;
  readonly summarise: StepSpec;
}

/** The definition of research-agent, version 7, for so many questions. */
export function researchSteps(questions: number) {
  const branches: BranchSteps[] = Array.from({ length: questions }, (_, i) => {
    const stepId = `fan-out[${i}]`;
    const path = [stepId];
    return {
      branch: { stepId, name: `question ${i + 1}`, kind: 'agent', dependsOn: after('plan') },
      search: { stepId: 'search', name: 'search the web', kind: 'tool', path, dependsOn: after('plan') },
      read: { stepId: 'read', name: 'read the best pages', kind: 'tool', path, dependsOn: after('search') },
      summarise: { stepId: 'summarise', name: 'summarise', kind: 'llm', path, dependsOn: after('read') },
    };
  });
  const branchIds = branches.map(({ branch }) => branch.stepId);
  const steps = {
    plan: { stepId: 'plan', name: 'plan the research', kind: 'llm' },
    compare: { stepId: 'compare', name: 'compare the sources', kind: 'llm', dependsOn: after(...branchIds) },
    approve: { stepId: 'approve', name: 'editor approves the sources', kind: 'approval', dependsOn: after('compare') },
    factCheck: { stepId: 'fact-check', name: 'fact-check', kind: 'workflow', dependsOn: after('approve') },
    writeUp: { stepId: 'write-up', name: 'write the report', kind: 'llm', dependsOn: after('compare', 'fact-check') },
    publish: { stepId: 'publish', name: 'publish', kind: 'http', dependsOn: after('write-up') },
  } satisfies Record<string, StepSpec>;
  const { plan, compare, approve, factCheck, writeUp, publish } = steps;
  const inOrder: StepSpec[] = [plan, ...branches.flatMap((b) => [b.branch, b.search, b.read, b.summarise])];
  return { ...steps, branches, all: inOrder.concat(compare, approve, factCheck, writeUp, publish) };
}
