// Preloaded into a process by `node --import`: its clock is off by as many milliseconds as the file TMWS_E2E_CLOCK says, looked up
// again and again, so that it may step while the process runs.
import { readFileSync } from 'node:fs';

const file = process.env.TMWS_E2E_CLOCK;
if (file !== undefined) {
  const lookEveryMs = 25;
  const RealDate = Date;
  const offset = { ms: 0 };
  const look = (): void => {
    const ms = Number(readFileSync(file, 'utf8'));
    if (Number.isFinite(ms)) offset.ms = ms;
  };
  look();
  setInterval(look, lookEveryMs).unref();
  const now = (): number => RealDate.now() + offset.ms;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver): unknown => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
