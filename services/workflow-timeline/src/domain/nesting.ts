import type { Attempt } from './attempt.ts';
import type { Dependency, SpanPlace, StepPlace } from './fact.ts';

/** How the steps of an execution lie in each other, and which of them others name. Steps are told by their places; -1: none. */
export interface Nesting {
  /** By step, the one it lies under; none at the top. */
  readonly parents: Int32Array;
  /** The step a dependency of a step names; none if it is not known, or the step itself. */
  resolve(place: number, dependency: Dependency): number;
  /** By consumer, the producer it was told by: it does not wait for it, so the consumer lies beside it and comes after it. */
  readonly producers: ReadonlyMap<number, number>;
}

/** What of an attempt says where its step lies. */
type Placed = Pick<Attempt, 'step' | 'span'>;

interface Told {
  readonly place: number;
  readonly span: SpanPlace;
}

/**
 * A step whose path is P lies under the step whose own path and id make P, if there is one; else under the step that its
 * parent span told of. Parents that go in a circle have no truth: the least key of the circle is at the top.
 *
 * @param steps  the attempts of each step, lowest first
 */
export function nestingOf(steps: readonly (readonly Placed[])[]): Nesting {
  const scopesOfPath = scopesOf(steps);
  const spans = new Map<string, Told>();
  steps.forEach((tries, place) => {
    for (const { span } of tries) if (span !== undefined) spans.set(span.id, { place, span });
  });

  const parents = new Int32Array(steps.length).fill(-1);
  const producers = new Map<number, number>();
  const scopes: (readonly Scope[])[] = [];
  steps.forEach((tries, place) => {
    const last = tries.at(-1);
    if (last === undefined) throw new RangeError('a step has at least one attempt');
    const span = last.span ?? tries.findLast((attempt) => attempt.span !== undefined)?.span;
    const told = span === undefined ? undefined : above(span, place, spans);
    const produced = span?.kind === 'consumer' && told?.span.kind === 'producer';
    if (produced) producers.set(place, told.place);
    const around = produced ? above(told.span, place, spans) : told;
    const through = scopesOfPath(last.step.path);
    scopes.push(through);
    const byPath = parentByPath(last.step, place, through);
    parents[place] = byPath === -1 ? (around?.place ?? -1) : byPath;
  });
  breakCircles(parents, (place) => steps[place]?.[0]?.step.stepKey ?? '');

  return {
    parents,
    producers,
    resolve(place, { spanId, stepId, path, iteration }) {
      if (spanId !== undefined) {
        const told = spans.get(spanId)?.place ?? -1;
        return told === place ? -1 : told;
      }
      const own = steps[place]?.at(-1)?.step.iteration ?? 0;
      if (path !== undefined) return resolveIn(scopesOfPath(path)[0], place, stepId, iteration, own);
      for (const scope of scopes[place] ?? []) {
        const found = resolveIn(scope, place, stepId, iteration, own);
        if (found !== -1) return found;
      }
      return -1;
    },
  };
}

/** The nearest span above that told of another step. */
function above(span: SpanPlace, place: number, spans: ReadonlyMap<string, Told>): Told | undefined {
  const seen = new Set([span.id]);
  for (let id = span.parentId; !seen.has(id);) {
    const told = spans.get(id);
    if (told === undefined || told.place !== place) return told;
    seen.add(id);
    id = told.span.parentId;
  }
  return undefined;
}

function parentByPath({ path, iteration }: StepPlace, place: number, scopes: readonly Scope[]): number {
  const enclosing = path.at(-1);
  return enclosing === undefined ? -1 : resolveIn(scopes[1], place, enclosing, undefined, iteration);
}

/** The steps with one path: places by step id, of those of an iteration by both. */
interface Scope {
  readonly first: Map<string, number>;
  readonly later: Map<string, number>;
}

/** The scopes a path goes through, the deepest first, that of the empty path last. */
type Scopes = (path: readonly string[]) => readonly Scope[];

/** The step of an id and iteration, of `own` iteration or none where it is not told; but never the step that asks. */
function resolveIn(scope: Scope = empty, place: number, stepId: string, iteration: number | undefined, own: number): number {
  const found = placeIn(scope, stepId, iteration ?? own, place);
  return found !== -1 || iteration !== undefined || own === 0 ? found : placeIn(scope, stepId, 0, place);
}

function placeIn({ first, later }: Scope, stepId: string, iteration: number, not: number): number {
  const found = iteration === 0 ? first.get(stepId) : later.get(`${iteration} ${stepId}`);
  return found === undefined || found === not ? -1 : found;
}

/**
 * Finds steps by their places without hashing each place asked for, and without reading a path twice that many steps hold.
 * A step keyed by its span is found by that alone.
 */
function scopesOf(steps: readonly (readonly Placed[])[]): Scopes {
  const byText = new Map<string, Scope>();
  const scopeOf = (text: string): Scope => {
    const scope: Scope = byText.get(text) ?? { first: new Map(), later: new Map() };
    byText.set(text, scope);
    return scope;
  };
  const own = new Map<readonly string[], Scope>();
  steps.forEach(([attempt], place) => {
    if (attempt?.step.stepKey.length !== keyLength) return;
    const { path, stepId, iteration } = attempt.step;
    let scope = own.get(path);
    if (scope === undefined) own.set(path, (scope = scopeOf(path.reduce(deeper, ''))));
    if (iteration === 0) scope.first.set(stepId, place);
    else scope.later.set(`${iteration} ${stepId}`, place);
  });
  const known = new Map<readonly string[], readonly Scope[]>();
  return (path) => {
    let through = known.get(path);
    if (through !== undefined) return through;
    let text = '';
    const outermost = [byText.get(text) ?? empty];
    for (const segment of path) outermost.push(byText.get((text = deeper(text, segment))) ?? empty);
    known.set(path, (through = outermost.reverse()));
    return through;
  };
}

const keyLength = 32;
const empty: Scope = { first: new Map(), later: new Map() };

/** Another text for every path: each segment says how long it is. */
function deeper(text: string, segment: string): string {
  return `${text} ${segment.length} ${segment}`;
}

function breakCircles(parents: Int32Array, keyOf: (place: number) => string): void {
  // By step, the walk that came by first.
  const walks = new Int32Array(parents.length);
  for (let begin = 0; begin < parents.length; begin++) {
    let at = begin;
    for (; at !== -1 && walks[at] === 0; at = parents[at] ?? -1) walks[at] = begin + 1;
    if (at === -1 || walks[at] !== begin + 1) continue;
    let least = at;
    for (let next = parents[at] ?? -1; next !== -1 && next !== at; next = parents[next] ?? -1) {
      if (keyOf(next) < keyOf(least)) least = next;
    }
    parents[least] = -1;
  }
}
