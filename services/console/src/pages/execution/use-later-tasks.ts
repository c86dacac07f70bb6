import { useEffect, useState } from 'preact/hooks';

/**
 * How many of `tasks` may be done by now: all at once where `wait` is false, otherwise one more each time what was made before was
 * shown, so that the page answers in between. It never grows less.
 */
export function useLaterTasks(tasks: number, wait: boolean): number {
  const [done, setDone] = useState(wait ? 0 : tasks);
  useEffect(() => {
    if (done >= tasks) return undefined;
    const timer = setTimeout(() => setDone(done + 1));
    return () => clearTimeout(timer);
  }, [done, tasks]);
  return wait ? done : tasks;
}
