/** CPU time of this process in seconds: wall-clock time tells of the neighbours too. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** How often a step can be done in a second of CPU, over at least `leastSeconds` of it. */
export function perCpuSecond(steps: readonly (() => void)[], leastSeconds: number): number {
  const before = cpuSeconds();
  let done = 0;
  do {
    for (const step of steps) step();
    done += steps.length;
  } while (cpuSeconds() - before < leastSeconds);
  return done / (cpuSeconds() - before);
}
