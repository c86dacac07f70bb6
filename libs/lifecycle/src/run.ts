// The door of a `main.ts`: what it needs before it knows what it was asked for, and no more.
export { runService } from './run-service.ts';
export { runVerb } from './run-verb.ts';
