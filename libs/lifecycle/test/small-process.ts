// A process as main.ts makes one: `node small-process.ts good|hanging|starting|refused|broken`.
import { Problem } from '@tmws/problems';
import { openLogger } from '@tmws/telemetry';
import { compose, runProcess } from '../src/index.ts';

const mode = process.argv[2];
// A listener, so to say: it keeps the process going.
const alive = setInterval(() => undefined, 1000);

await runProcess(() =>
  compose({ stopBudgetMs: 60_000, logger: openLogger('small', 'info') }, (app) => {
    if (mode === 'refused') throw new Problem('precondition', 'the port 8080 is in use; stop who has it');
    if (mode === 'broken') throw new TypeError('something unforeseen');
    app.onStop('alive', () => {
      console.log(mode === 'hanging' ? 'stopping' : 'stopped');
      clearInterval(alive);
      return mode === 'hanging' ? new Promise<void>(() => setInterval(() => undefined, 1000)) : undefined;
    });
    console.log('started');
    return mode === 'starting' ? new Promise(() => undefined) : Promise.resolve();
  }),
);
