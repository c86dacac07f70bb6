import type { Handlers, TimelineService } from '@tmws/contracts';
import { findWaits } from '../domain/waits/waits.ts';
import type { lookAtExecution } from '../usecases/look-at-execution.ts';
import { lookAtStep } from '../usecases/look-at-step.ts';
import type { Clock, ExecutionStore } from '../ports.ts';
import { stepLimit } from './bottleneck-messages.ts';
import { stepMessage } from './step-messages.ts';
import { waitsMessage } from './wait-messages.ts';

interface AnswerHandlersOptions {
  readonly store: ExecutionStore;
  readonly look: ReturnType<typeof lookAtExecution>;
  readonly clock: Clock;
}

/** Why steps waited, and steps one by one: the part of TimelineService that asks into an execution. */
export function answerHandlers({
  store,
  look,
  clock,
}: AnswerHandlersOptions): Pick<Handlers<typeof TimelineService.method>, 'getWaits' | 'getStep' | 'getStepPayload'> {
  const steps = lookAtStep({ store, look, clock });
  return {
    async getWaits({ id, limit }, { caller }) {
      const most = stepLimit(limit);
      const { asOfNs, span, rows } = await look({ namespace: caller.namespace, id });
      return span === undefined ? { asOfNs } : waitsMessage(findWaits(rows, span), span, { asOfNs, limit: most });
    },
    async getStep({ id, stepKey }, { caller }) {
      return stepMessage(await steps.step({ namespace: caller.namespace, id }, stepKey));
    },
    async getStepPayload({ id, stepKey, sha256 }, { caller }) {
      const { json } = await steps.value({ namespace: caller.namespace, id }, stepKey, sha256);
      return { json: Buffer.from(json) };
    },
  };
}
