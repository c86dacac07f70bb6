import type { Attempt } from './attempt.ts';
import type { Dependency, SpanPlace, StepPlace } from './fact.ts';

/** How the steps of an execution lie in each other, and which of them others name. */
export interface Nesting {
  /** The step it lies under; undefined at the top. */
  parentOf(stepKey: string): string | undefined;
  /** The step a dependency of `step` names; undefined if it is not known, or the step itself. */
  resolve(step: StepPlace, dependency: Dependency): string | undefined;
  /** The producer that a consumer was told by: it does not wait for it, so the consumer lies beside it and comes after it. */
  producerOf(stepKey: string): string | undefined;
}

interface Told {
  readonly stepKey: string;
  readonly span: SpanPlace;
}

/**
 * A step whose path is P lies under the step whose own path and id make P, if there is one; else under the step that its
 * parent span told of. Parents that go in a circle have no truth: the least key of the circle is at the top.
 *
 * @param steps  the attempts of each step, lowest first
 */
export function nestingOf(steps: readonly (readonly Attempt[])[]): Nesting {
  const known = placesOf(steps);
  const spans = new Map<string, Told>();
  for (const { step, span } of steps.flat()) if (span !== undefined) spans.set(span.id, { stepKey: step.stepKey, span });

  const parents = new Map<string, string>();
  const producers = new Map<string, string>();
  for (const tries of steps) {
    const last = tries.at(-1);
    if (last === undefined) continue;
    const { step } = last;
    const span = tries.findLast((attempt) => attempt.span !== undefined)?.span;
    const told = span === undefined ? undefined : above(span, step.stepKey, spans);
    if (span?.kind === 'consumer' && told?.span.kind === 'producer') producers.set(step.stepKey, told.stepKey);
    const around = producers.has(step.stepKey) && told !== undefined ? above(told.span, step.stepKey, spans) : told;
    const parent = parentByPath(step, known) ?? around?.stepKey;
    if (parent !== undefined) parents.set(step.stepKey, parent);
  }
  breakCircles(parents);

  return {
    parentOf: (stepKey) => parents.get(stepKey),
    producerOf: (stepKey) => producers.get(stepKey),
    resolve: (step, dependency) => resolve(step, dependency, known, spans),
  };
}

/** The nearest span above that told of another step. */
function above(span: SpanPlace, stepKey: string, spans: ReadonlyMap<string, Told>): Told | undefined {
  const seen = new Set([span.id]);
  for (let id = span.parentId; !seen.has(id);) {
    const told = spans.get(id);
    if (told === undefined || told.stepKey !== stepKey) return told;
    seen.add(id);
    id = told.span.parentId;
  }
  return undefined;
}

function parentByPath({ path, iteration, stepKey }: StepPlace, known: Places): string | undefined {
  const enclosing = path.at(-1);
  if (enclosing === undefined) return undefined;
  return known(path.slice(0, -1), enclosing, iteration, stepKey) ?? known(path.slice(0, -1), enclosing, 0, stepKey);
}

/** The key of the step at a place, unless it is `not`; undefined if there is none. */
type Places = (path: readonly string[], stepId: string, iteration: number, not: string) => string | undefined;

/** Finds steps by their places without hashing each place asked for. A step keyed by its span is found by that alone. */
function placesOf(steps: readonly (readonly Attempt[])[]): Places {
  const byPlace = new Map<string, string>();
  for (const [first] of steps) {
    if (first?.step.stepKey.length === keyLength)
      byPlace.set(placeText(first.step.path, first.step.stepId, first.step.iteration), first.step.stepKey);
  }
  return (path, stepId, iteration, not) => {
    const key = byPlace.get(placeText(path, stepId, iteration));
    return key === not ? undefined : key;
  };
}

const keyLength = 32;

/** Another text for every place: each part says how long it is. */
function placeText(path: readonly string[], stepId: string, iteration: number): string {
  let text = `${iteration} ${stepId.length} ${stepId}`;
  for (const segment of path) text += ` ${segment.length} ${segment}`;
  return text;
}

function breakCircles(parents: Map<string, string>): void {
  const done = new Set<string>();
  for (const begin of [...parents.keys()]) {
    const walk: string[] = [];
    const onWalk = new Set<string>();
    let at: string | undefined = begin;
    for (; at !== undefined && !done.has(at) && !onWalk.has(at); at = parents.get(at)) {
      walk.push(at);
      onWalk.add(at);
    }
    if (at !== undefined && onWalk.has(at)) {
      const circle = walk.slice(walk.indexOf(at));
      parents.delete(circle.reduce((a, b) => (b < a ? b : a)));
    }
    for (const key of walk) done.add(key);
  }
}

function resolve(step: StepPlace, dependency: Dependency, known: Places, spans: ReadonlyMap<string, Told>): string | undefined {
  if (dependency.spanId !== undefined) {
    const key = spans.get(dependency.spanId)?.stepKey;
    return key === step.stepKey ? undefined : key;
  }
  const paths =
    dependency.path === undefined
      ? step.path.map((_, i) => step.path.slice(0, step.path.length - i)).concat([[]])
      : [dependency.path];
  const rounds = dependency.iteration === undefined ? [step.iteration, 0] : [dependency.iteration];
  for (const path of paths) {
    for (const round of rounds) {
      const key = known(path, dependency.stepId, round, step.stepKey);
      if (key !== undefined) return key;
    }
  }
  return undefined;
}
