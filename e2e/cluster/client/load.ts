// Sends events to the gateway and writes down what was acknowledged, how long nothing was served, and what failed.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

export interface LoadOptions {
  readonly name: string;
  /** Of the gateway. */
  readonly url: string;
  readonly key: string;
  /** How many send side by side. */
  readonly senders: number;
  /** How long each waits between two requests. */
  readonly pauseMs: number;
  /** Questions sent with each batch of events: paths below the gateway; `{id}` is an execution that has events. */
  readonly questions?: readonly string[];
}

export interface LoadStats {
  readonly requests: number;
  /** Requests that failed; their events were sent again. */
  readonly failed: number;
  readonly events: number;
  /** Longest time between two served requests, and until now since the last one. */
  readonly longestGapMs: number;
  /** The first of each kind of failure, and how often it came. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface Verified {
  readonly executions: number;
  readonly events: number;
  /** Executions that miss something that was acknowledged, or hold something twice; with what was seen. */
  readonly wrong: readonly string[];
}

interface Known {
  readonly steps: Set<string>;
  facts: number;
}

export class Load {
  readonly #options: LoadOptions;
  readonly #run = randomUUID().slice(0, 8);
  readonly #known = new Map<string, Known>();
  readonly #failures: Record<string, number> = {};
  #made = 0;
  #requests = 0;
  #failed = 0;
  #events = 0;
  #stopped = false;
  #servedAt = performance.now();
  #longestGapMs = 0;
  #sending: Promise<void>[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): void {
    this.#servedAt = performance.now();
    this.#sending = Array.from({ length: this.#options.senders }, () => this.#send());
  }

  stop(): void {
    this.#stopped = true;
  }

  stats(): LoadStats {
    const open = this.#stopped ? 0 : performance.now() - this.#servedAt;
    return {
      requests: this.#requests,
      failed: this.#failed,
      events: this.#events,
      longestGapMs: Math.round(Math.max(this.#longestGapMs, open)),
      failures: this.#failures,
    };
  }

  async finish(): Promise<LoadStats> {
    this.#stopped = true;
    await Promise.all(this.#sending);
    return this.stats();
  }

  /** Each acknowledged event is there once: no step is missing, no fact was applied twice. */
  async verify(timeoutMs: number): Promise<Verified> {
    const deadline = performance.now() + timeoutMs;
    const wrong: string[] = [];
    for (const [id, known] of this.#known) {
      let miss = await this.#miss(id, known);
      while (miss !== undefined && performance.now() < deadline) {
        await delay(250);
        miss = await this.#miss(id, known);
      }
      if (miss !== undefined) wrong.push(miss);
    }
    return { executions: this.#known.size, events: this.#events, wrong };
  }

  async #miss(id: string, { steps, facts }: Known): Promise<string | undefined> {
    try {
      const answer = await this.#ask(`/api/v1/executions/${id}`);
      const body = await answer.text();
      if (answer.status !== 200) return `${id}: ${answer.status} ${body}`;
      const seen = JSON.parse(body) as { stepCount: number; revision: string };
      if (seen.stepCount === steps.size && seen.revision === String(facts)) return undefined;
      return `${id}: ${seen.stepCount} steps of ${steps.size}, ${seen.revision} facts of ${facts}`;
    } catch (error) {
      return `${id}: ${causeOf(error)}`;
    }
  }

  async #send(): Promise<void> {
    while (!this.#stopped) {
      const events = Array.from({ length: 1 + Math.floor(Math.random() * 10) }, () => this.#event());
      while (!(await this.#served(() => this.#post(events), 202))) await delay(50);
      for (const { data } of events) {
        const known = this.#known.get(data.executionId) ?? { steps: new Set<string>(), facts: 0 };
        known.steps.add(data.stepId);
        known.facts++;
        this.#known.set(data.executionId, known);
        this.#events++;
      }
      for (const path of this.#options.questions ?? []) {
        const id = events[0]!.data.executionId;
        await this.#served(() => this.#ask(path.replace('{id}', id)), 200, 404);
      }
      await delay(this.#options.pauseMs);
    }
  }

  /** One request; a failed one is counted with its reason. */
  async #served(ask: () => Promise<Response>, ...good: number[]): Promise<boolean> {
    this.#requests++;
    let failure: string;
    try {
      const answer = await ask();
      const text = await answer.text();
      if (good.includes(answer.status)) {
        const now = performance.now();
        this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#servedAt);
        this.#servedAt = now;
        return true;
      }
      failure = `${answer.status} ${text.slice(0, 200)}`;
    } catch (error) {
      failure = causeOf(error);
    }
    this.#failed++;
    this.#failures[failure] = (this.#failures[failure] ?? 0) + 1;
    return false;
  }

  #event() {
    const n = this.#made++;
    const step = Math.floor(n / 2);
    const at = Date.now();
    return {
      specversion: '1.0',
      id: `${this.#run}-${n}`,
      source: '/e2e/cluster',
      type: n % 2 === 1 ? 'tmws.step.completed' : 'tmws.step.started',
      time: new Date(at).toISOString(),
      data: { executionId: `load-${this.#run}-${step % 17}`, stepId: `s${step}`, startedAt: new Date(at - 1000).toISOString() },
    };
  }

  #post(events: readonly object[]): Promise<Response> {
    return this.#ask('/api/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(events),
    });
  }

  #ask(path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#options.key}` };
    return fetch(`${this.#options.url}${path}`, { ...init, headers, signal: AbortSignal.timeout(15_000) });
  }
}

function causeOf(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  const cause = Error.isError(error.cause) ? `: ${(error.cause as NodeJS.ErrnoException).code ?? error.cause.message}` : '';
  return `${error.message}${cause}`;
}
