// ExportMetricsServiceRequest (OTLP 1.x): it is checked and not kept, because TMWS reads metrics elsewhere.
import { objectsOf, parseBody } from './json-values.ts';
import { WireReader } from './wire-reader.ts';

/** @returns how many metrics there were. @throws Problem `invalid` for what is no protobuf */
export function readMetrics(bytes: Buffer): number {
  return countWithin(new WireReader(bytes), [0x0a, 0x12, 0x12]);
}

/** Counts what lies at the end of a path of fields; what is passed over must be well-formed too. */
function countWithin(reader: WireReader, [wanted, ...path]: readonly number[]): number {
  let count = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== wanted) reader.skip(tag);
    else {
      const part = reader.part();
      count += path.length === 0 ? 1 : countWithin(part, path);
    }
  }
  return count;
}

/** @returns how many metrics there were. @throws Problem `invalid` that names the place */
export function readMetricsJson(bytes: Buffer): number {
  let count = 0;
  objectsOf(parseBody(bytes), 'resourceMetrics', '').forEach((item, i) => {
    const at = `resourceMetrics[${i}].`;
    objectsOf(item, 'scopeMetrics', at).forEach((scope, j) => {
      count += objectsOf(scope, 'metrics', `${at}scopeMetrics[${j}].`).length;
    });
  });
  return count;
}
