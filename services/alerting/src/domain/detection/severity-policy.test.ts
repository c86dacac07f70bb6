import { severityOf } from './severity-policy.ts';

const rule = (level: string, status: string, statistical = false) =>
  ({ level, status, statistical }) as Parameters<typeof severityOf>[0];

test.each([
  ['critical', 'stable', false, false, 'critical', ''],
  ['critical', 'test', false, false, 'high', 'its status is test'],
  ['critical', '', false, false, 'high', 'it has no status'],
  ['critical', 'stable', false, true, 'high', 'judged false within 30 days'],
  ['critical', 'stable', true, false, 'warning', 'says at most warning'],
  ['high', 'experimental', false, true, 'high', ''],
  ['high', 'stable', true, false, 'warning', 'says at most warning'],
  ['medium', 'experimental', true, false, 'warning', ''],
  ['low', 'stable', false, false, 'info', ''],
  ['informational', '', false, false, 'info', ''],
])(
  'P1 P2 P3 level %s, status %s, statistical %s, disputed %s says %s',
  (level, status, statistical, disputed, severity, reason) => {
    const found = severityOf(rule(level, status, statistical), disputed);
    expect(found.severity).toBe(severity);
    expect(found.reason === '').toBe(reason === '');
    expect(found.reason).toContain(reason);
  },
);
