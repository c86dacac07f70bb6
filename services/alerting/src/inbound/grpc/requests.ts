// What requests hold, checked.
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { Problem } from '@tmws/problems';

const mostAlerts = 1000;
const mostText = 4000;
const fingerprintShape = /^[0-9a-f]{16}$/;

/** @throws Problem `invalid` */
export function checkedFingerprint(fingerprint: string, field: string): string {
  if (fingerprintShape.test(fingerprint)) return fingerprint;
  throw new Problem(
    'invalid',
    `${field} must be a fingerprint: 16 hex digits (got ${JSON.stringify(fingerprint.slice(0, 80))})`,
    {
      field,
    },
  );
}

/** 1 to 1000 fingerprints. @throws Problem `invalid` */
export function namedAlerts(fingerprints: readonly string[]): readonly string[] {
  if (fingerprints.length < 1 || fingerprints.length > mostAlerts) {
    throw new Problem('invalid', `fingerprints must be 1 to ${mostAlerts} fingerprints (got ${fingerprints.length})`, {
      field: 'fingerprints',
    });
  }
  return fingerprints.map((each) => checkedFingerprint(each, 'fingerprints'));
}

/** What a person says, as Postgres keeps it. @throws Problem `invalid` */
export function givenText(text: string, field: string, most = mostText): string {
  if (text.length > most)
    throw new Problem('invalid', `${field} must be at most ${most} characters (got ${text.length})`, { field });
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** @throws Problem `invalid` */
export function instantOf(given: Timestamp, field: string): number {
  const ms = timestampMs(given);
  if (Number.isFinite(ms) && ms >= 0 && ms < 7_258_118_400_000) return ms;
  throw new Problem('invalid', `${field} must be a time from 1970 to 2199`, { field });
}
