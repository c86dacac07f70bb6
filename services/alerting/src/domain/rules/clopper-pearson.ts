// How bad a rate may be, after so many looks. Clopper, Pearson: The Use of Confidence or Fiducial Limits (1934).

const halvings = 60;

/**
 * The one-sided upper bound of a rate of which `found` of `looked` were seen: were the rate greater, seeing so few would happen less
 * often than 1 - confidence. 0 of n gives 1 - (1 - confidence)^(1/n); nothing looked at, or all found, gives 1.
 *
 * @param found  0 … looked
 */
export function upperBound(found: number, looked: number, confidence = 0.95): number {
  if (looked <= 0 || found >= looked) return 1;
  const alpha = 1 - confidence;
  let [low, high] = [found / looked, 1];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (atMost(found, looked, middle) > alpha) low = middle;
    else high = middle;
  }
  return high;
}

/** How likely at most `found` of `looked` are, at that rate; each summand by its logarithm, so that none vanishes. */
function atMost(found: number, looked: number, rate: number): number {
  if (rate <= 0) return 1;
  if (rate >= 1) return 0;
  const odds = Math.log(rate) - Math.log1p(-rate);
  let log = looked * Math.log1p(-rate);
  let greatest = log;
  const logs = [log];
  for (let k = 1; k <= found; k++) {
    log += Math.log((looked - k + 1) / k) + odds;
    logs.push(log);
    greatest = Math.max(greatest, log);
  }
  return Math.exp(greatest) * logs.reduce((sum, each) => sum + Math.exp(each - greatest), 0);
}
