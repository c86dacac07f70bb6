// One fleet and one browser for all scenarios of the console, opened by the first that asks and closed when all have run.
import type { Browser } from 'playwright-core';
import { tempDir } from '@tmws/testkit';
import { type Running, startOneProcess } from '../fleet.ts';
import { fillWithDemo } from './content.ts';
import { openBrowser } from './open-browser.ts';

export interface Stage extends AsyncDisposable {
  readonly fleet: Running;
  /** `http://host:port` of the fleet, filled with the demo and a failed run. */
  readonly url: string;
  readonly browser: Browser;
}

export async function openStage(dataDir?: string): Promise<Stage> {
  await using open = new AsyncDisposableStack();
  const browser = open.adopt(await openBrowser(), (each) => each.close());
  const dir = dataDir ?? open.use(await tempDir('e2e-console')).path;
  const fleet = open.adopt(await startOneProcess(dir, { GATEWAY_CALL_TIMEOUT: '2m' }), (each) => each.stop());
  await fillWithDemo(fleet.url);
  const opened = open.move();
  return { fleet, url: fleet.url, browser, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Opens on the first call, answers the same ever after. */
export function sharedStage(): { readonly open: () => Promise<Stage>; readonly close: () => Promise<void> } {
  let opening: Promise<Stage> | undefined;
  return {
    open: () => (opening ??= openStage()),
    async close() {
      const stage = await opening?.catch(() => undefined);
      opening = undefined;
      await stage?.[Symbol.asyncDispose]();
    },
  };
}
