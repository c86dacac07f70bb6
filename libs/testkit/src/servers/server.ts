import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child } from '../child.ts';
import { eventually } from '../eventually.ts';
import { holdFolder, releaseFolder } from '../guard.ts';
import { lastLines } from '../process.ts';

/** A real server of a test's own, on 127.0.0.1, with its data in a folder of its own. It ends when this process does. */
export type Server = AsyncDisposable & {
  /** Starts it again after `kill`, on the same port and the same data; settles when it answers. */
  start(): Promise<void>;
  /** SIGKILL for all its processes, as in a crash; the data stay. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT for all its processes: alive to the network, but silent. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data; twice is harmless. */
  stop(): Promise<void>;
  /** The end of what it printed since it was started last. */
  output(): string;
};

type Plan = {
  readonly name: string;
  /** The server's own folder, which others may not enter. */
  readonly folder: string;
  /** Makes the server's empty data, once. */
  readonly prepare: () => Promise<unknown>;
  readonly launch: () => Promise<Child>;
  /** Throws until the server answers. */
  readonly answers: () => Promise<void>;
  /** Ends the child when its data may go as well. */
  readonly end: (child: Child) => Promise<void>;
};

const startLimitMs = 90_000;

/** Starts what the plan says. @throws with the last lines of the server's output when it does not come up; then nothing is left of it */
export async function openServer(plan: Plan): Promise<Server> {
  let child: Child | undefined;
  const start = async () => {
    if (child !== undefined && child.exit() === undefined) return;
    const started = await plan.launch();
    child = started;
    const answersOrEnded = async () => started.exit() !== undefined || (await plan.answers(), true);
    const miss = await eventually(answersOrEnded, { timeoutMs: startLimitMs, everyMs: 25 }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    const exit = started.exit();
    if (miss === undefined && exit === undefined) return;
    await started.kill();
    const why = exit === undefined ? `did not answer in ${startLimitMs} ms` : `ended with ${String(exit.code ?? exit.signal)}`;
    throw new Error(`${plan.name} was started but ${why}; its last lines:\n${lastLines(started.output())}`, { cause: miss });
  };
  const kill = async () => child?.kill();
  const stop = async () => {
    if (child !== undefined) await plan.end(child);
    await rm(plan.folder, { recursive: true, force: true, maxRetries: 5 });
    releaseFolder(plan.folder);
  };
  try {
    await plan.prepare().catch((cause: unknown) => {
      throw new Error(`${plan.name} could not make its data folder: ${(cause as Error).message}`, { cause });
    });
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    start,
    kill,
    pause: () => child?.signalAll('SIGSTOP'),
    resume: () => child?.signalAll('SIGCONT'),
    stop,
    output: () => child?.output() ?? '',
    [Symbol.asyncDispose]: stop,
  };
}

/** An empty folder that goes when this process does. */
export async function serverFolder(name: string, owner?: { readonly uid: number; readonly gid: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `tmws-${name}-`));
  holdFolder(folder);
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  return folder;
}
