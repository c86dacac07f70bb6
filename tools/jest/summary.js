// The closing line CI reads. A file that failed to load counts as a failure.
import { writeSync } from 'node:fs';

export default class Summary {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.once('exit', () => {
      writeSync(1, `\njest: ${String(results.numPassedTests)} passed, ${String(failed)} failed, ${String(skipped)} skipped\n`);
    });
  }
}
