// In which order suites run. Those over stores and sockets take seconds and come first, so that no worker begins a long one when the other
// has nothing left; a suite that only calls a contract is a small file, which says nothing of how long it takes.
import { statSync } from 'node:fs';

const rank = (path) =>
  path.endsWith('.app.test.ts') || path.endsWith('/embedded.test.ts') ? 0 : path.includes('/test/') ? 1 : 2;

export default class LongestFirst {
  sort(tests) {
    const size = new Map(tests.map(({ path }) => [path, statSync(path).size]));
    return [...tests].sort((a, b) => rank(a.path) - rank(b.path) || size.get(b.path) - size.get(a.path));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests() {
    return [];
  }

  cacheResults() {
    // Nothing is kept between runs: the order is that of a fresh clone.
  }
}
