import { summaryOf, textIn } from './fields.ts';
import { closeStep, type Handle, openStep, type Outcome, stepOf } from './run.ts';

const kind = 'timer';

const started: Handle = (run, event) => {
  const after = durationIn(event.attributes.startToFireTimeout);
  const name = summaryOf(event) || `timer ${after}`.trim();
  const step = openStep(run, event, { stepId: `timer-${textIn(event, 'timerId')}`, name, kind });
  step.startNs = event.timeNs;
  step.wait = { kind: 'timer', fromNs: event.timeNs, toNs: undefined, reason: name };
};

const ends =
  (outcome: Outcome): Handle =>
  (run, event) => {
    const step = stepOf(run, event, 'startedEventId', kind);
    if (step.wait !== undefined) step.wait.toNs = event.timeNs;
    closeStep(run, step, event, outcome);
  };

function durationIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Timers: all their time is waiting. */
export const timers: Readonly<Record<string, Handle>> = {
  TimerStarted: started,
  TimerFired: ends('completed'),
  TimerCanceled: ends('cancelled'),
};
