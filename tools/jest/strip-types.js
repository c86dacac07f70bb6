// Node's own type stripping as a jest transform: tests run exactly the code that production runs, at the same line and column.
import { stripTypeScriptTypes } from 'node:module';

export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
