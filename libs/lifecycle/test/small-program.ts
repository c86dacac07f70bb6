// A program as main.ts makes one: `node small-program.ts [ready|…]`.
import { loadHostConfig, openHost, stoppingAfter } from '../src/index.ts';
import { runVerb } from '../src/run.ts';

await runVerb('small', {
  async serve() {
    const config = loadHostConfig('small', process.env);
    const host = await openHost({ name: 'small', version: '1.2.3', config, brokers: ['127.0.0.1:1'] });
    await host.listen();
    console.log('serving');
    return stoppingAfter(host.leave, { stop: host.close });
  },
  migrate: () => Promise.resolve(),
});
