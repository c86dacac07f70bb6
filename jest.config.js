// One project a package, run on Node's own ES modules. Tests of real servers (`*.real.test.ts`) run only when `TMWS_TEST_SERVERS` is set by
// tools/test-servers.ts, those of charts/ only when `TMWS_TEST_CHARTS` is by tools/test-charts.ts.
import { existsSync, readdirSync } from 'node:fs';

const root = import.meta.dirname;
const onServers = process.env.TMWS_TEST_SERVERS === '1';
const ofCharts = process.env.TMWS_TEST_CHARTS === '1';
const packages = ['libs', 'services']
  .flatMap((room) => readdirSync(`${root}/${room}`).map((name) => `${room}/${name}`))
  .concat('e2e', 'bench', 'tools')
  .filter((dir) => existsSync(`${root}/${dir}/package.json`) || dir === 'tools');

const project = (dir) => ({
  displayName: dir,
  rootDir: `${root}/${dir}`,
  testMatch: onServers ? ['<rootDir>/**/*.real.test.ts'] : ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(onServers ? [] : ['\\.real\\.test\\.ts$'])],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': `${root}/tools/jest/strip-types.js` },
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json', 'node'],
});

export default {
  projects: (ofCharts ? ['charts'] : packages).map(project),
  testTimeout: 30_000,
  // Many suites wait for brokers and databases more than they work.
  maxWorkers: onServers ? 2 : 3,
  workerIdleMemoryLimit: '1500MB',
  testSequencer: `${root}/tools/jest/longest-first.js`,
  reporters: ['default', `${root}/tools/jest/summary.js`],
};
