import type { StepErrorJson } from '@tmws/contracts';
import type { ExecutionScript } from '../script.ts';
import { tellExecution } from '../tell-execution.ts';
import { tellFactCheck } from './fact-check.ts';
import { modelUsage, type Play } from './play.ts';
import { type Trouble, tellBranches } from './research-branch.ts';
import { researchSteps } from './research-steps.ts';

export interface ResearchTopic {
  /** Its number within the play. */
  readonly number: number;
  readonly topic: string;
  readonly questions: readonly string[];
  /** By question. */
  readonly troubles: readonly Trouble[];
  /** What the editor does after so long. */
  readonly approval: { readonly afterMs: number; readonly given: boolean };
}

/**
 * One run of research-agent: plan, a fan-out over the questions, comparison, an editor's approval, the child workflow fact-check,
 * the report. A dead page fails the run; an approval not given cancels it; both skip the rest.
 *
 * @returns the scripts of the run and of its child, if it came to that
 */
export function tellResearch(play: Play, startMs: number, about: ResearchTopic): ExecutionScript[] {
  const { random, token, namespace } = play;
  const steps = researchSteps(about.questions.length);
  const script = tellExecution({
    id: `research-agent-${token}-${about.number}`,
    workflow: { name: 'research-agent', version: '7' },
    name: about.topic,
    ...(namespace !== undefined && { namespace }),
    steps: steps.all,
  });
  script.begin(
    startMs,
    { topic: about.topic, questions: about.questions.length },
    { model: 'large-3', requestedBy: 'editorial' },
  );
  const planned = script.step(steps.plan, startMs + random.between(30, 90), [
    { runMs: random.between(1900, 2800), usage: modelUsage(random, 220), output: { questions: [...about.questions] } },
  ]);
  const branches = steps.branches.map((branch, i) => ({
    steps: branch,
    question: about.questions[i] ?? about.topic,
    trouble: about.troubles[i] ?? 'none',
  }));
  const ends = tellBranches(script, branches, planned + 20, play);
  const joined = Math.max(...ends.map(({ endMs }) => endMs));
  const { compare, approve, factCheck, writeUp, publish } = steps;

  const error = ends.find((end) => end.error !== undefined)?.error;
  if (error !== undefined) return failed(script, joined + 40, [compare, approve, factCheck, writeUp, publish], error);

  const compared = script.step(compare, joined + 30, [{ runMs: random.between(1800, 2600), usage: modelUsage(random, 300) }]);
  const { afterMs, given } = about.approval;
  const reason = 'an editor has to approve the sources';
  const approved = script.step(approve, compared + 25, [
    {
      runMs: afterMs,
      during: { kind: 'approval', afterMs: 0, ms: afterMs, reason },
      outcome: given ? 'completed' : 'cancelled',
      ...(given && { output: { approvedBy: 'k.mori' } }),
    },
  ]);
  if (!given) {
    [factCheck, writeUp, publish].forEach((step, i) => script.skip(step, approved + 10 + i));
    script.end(approved + 30, 'cancelled', { error: { type: 'Cancelled', message: 'cancelled by k.mori: the topic was taken' } });
    return [script];
  }

  const child = tellFactCheck(play, approved + 180, { parent: script.id, number: about.number, topic: about.topic });
  const checked = script.step(factCheck, approved + 30, [
    {
      runMs: child.endMs - approved + 60,
      during: { kind: 'external', afterMs: 110, ms: child.endMs - approved - 60, reason: `waits for ${child.script.id}` },
      output: { executionId: child.script.id, doubtful: 1 },
    },
  ]);
  const written = script.step(writeUp, checked + 20, [
    {
      before: [{ kind: 'rate_limit', ms: 1800, reason: '429 from the model: retry after 1.8 s' }],
      runMs: random.between(3600, 5200),
      usage: modelUsage(random, 1400),
      output: { words: random.between(900, 1300) },
    },
  ]);
  const published = script.step(publish, written + 15, [{ runMs: random.between(350, 700), output: { status: 201 } }]);
  script.end(published + 35, 'completed', { output: { report: `https://reports.example/${script.id}` } });
  return [script, child.script];
}

function failed(
  script: ExecutionScript,
  atMs: number,
  rest: Parameters<ExecutionScript['skip']>[0][],
  error: StepErrorJson,
): ExecutionScript[] {
  rest.forEach((step, i) => script.skip(step, atMs + i));
  script.end(atMs + 20, 'failed', { error });
  return [script];
}
