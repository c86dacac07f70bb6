export { demoEvents, type DemoOptions } from './demo-events.ts';
export { type Played, playDemo, type PlayDemoOptions } from './play-demo.ts';
export { type CloudEventJson, executionIdsOf, shiftEvents, type TimedEvent } from './timed-event.ts';
