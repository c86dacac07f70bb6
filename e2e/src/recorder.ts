// A client that writes down what was acknowledged, and afterwards holds the fleet to it.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tmws/testkit';
import type { Say } from './scenario.ts';

interface Event {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: { executionId: string; stepId: string } & Record<string, unknown>;
}

const begin = Date.parse('2026-03-01T00:00:00Z');

/** Sends events until stopped, each again and again (with its id) until it is acknowledged. */
export class Recorder {
  readonly #url: string;
  readonly #run = randomUUID().slice(0, 8);
  readonly #acknowledged = new Map<string, { steps: Set<string>; facts: number }>();
  #made = 0;
  #stopped = false;
  #sending: Promise<void>[] = [];
  /** Requests that failed and were repeated. */
  #repeats = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Starts some senders side by side. */
  start(senders: number): void {
    this.#sending = Array.from({ length: senders }, () => this.#send());
  }

  /** Lets every sender get its last batch acknowledged, then holds the fleet to all that was; none at all is a failure too. */
  async finish(say: Say): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#sending);
    const events = [...this.#acknowledged.values()].reduce((sum, { facts }) => sum + facts, 0);
    assert.ok(events > 0, 'no event was acknowledged');
    await this.#check();
    say(`  ${events} events acknowledged, ${this.#repeats} requests repeated`);
  }

  /** Every acknowledged event is there once: no step is missing, and no fact was applied twice. */
  async #check(): Promise<void> {
    for (const [id, { steps, facts }] of this.#acknowledged) {
      await eventually(
        async () => {
          const response = await fetch(`${this.#url}/api/v1/executions/${id}`, { signal: AbortSignal.timeout(5000) });
          assert.equal(response.status, 200, `${id}: ${response.status}`);
          const execution = (await response.json()) as { stepCount: number; revision: string };
          assert.equal(execution.stepCount, steps.size, `steps of ${id}`);
          assert.equal(execution.revision, String(facts), `facts of ${id}`);
        },
        { timeoutMs: 60_000 },
      );
    }
  }

  async #send(): Promise<void> {
    while (!this.#stopped) {
      const events = Array.from({ length: 1 + Math.floor(Math.random() * 20) }, () => this.#event());
      while (!(await this.#post(events))) {
        this.#repeats++;
        await delay(50);
      }
      for (const { data } of events) {
        const known = this.#acknowledged.get(data.executionId) ?? { steps: new Set<string>(), facts: 0 };
        known.steps.add(data.stepId);
        known.facts++;
        this.#acknowledged.set(data.executionId, known);
      }
    }
  }

  #event(): Event {
    const n = this.#made++;
    const step = Math.floor(n / 2);
    const executionId = `crash-${this.#run}-${step % 7}`;
    const started = new Date(begin + step * 1000).toISOString();
    const done = n % 2 === 1;
    return {
      specversion: '1.0',
      id: `${this.#run}-${n}`,
      source: '/e2e/recorder',
      type: done ? 'tmws.step.completed' : 'tmws.step.started',
      time: new Date(begin + n * 1000).toISOString(),
      data: { executionId, stepId: `s${step}`, startedAt: started },
    };
  }

  async #post(events: readonly Event[]): Promise<boolean> {
    try {
      const response = await fetch(`${this.#url}/api/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents-batch+json' },
        body: JSON.stringify(events),
        signal: AbortSignal.timeout(15_000),
      });
      const body = (await response.json()) as { items?: { status: string }[] };
      if (response.status === 202) return body.items?.every(({ status }) => status === 'accepted') === true;
      assert.ok(
        response.status >= 500 || response.status === 429,
        `an event was refused with ${response.status}: ${JSON.stringify(body)}`,
      );
      return false;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return false;
    }
  }
}
