// The rules that are always there, as people read them beside those of the folders.
import { corroboratedName } from '../detection/corroboration.ts';
import type { RunningRule } from '../detection/hit.ts';
import { failedSignInsRule } from './failed-sign-ins.ts';

const builtIn = (id: string, more: Partial<RunningRule>): RunningRule => ({
  id,
  title: id,
  kind: 'built_in',
  family: 'count',
  status: 'stable',
  level: 'medium',
  description: '',
  tags: [],
  falsePositives: [],
  fields: [],
  source: '',
  logsource: 'tmws / security',
  statistical: false,
  raises: true,
  ...more,
});

/** @param given  which of them run */
export function builtInRules({ failedSignIns, detection }: { failedSignIns: boolean; detection: boolean }): RunningRule[] {
  return [
    ...(failedSignIns ? [failedSignInsRule] : []),
    builtIn('SecurityEvent', {
      title: 'An event that its producer holds to be critical',
      level: 'critical',
      description: 'Any event of tmws.security whose severity is critical. Its word is the producer’s own.',
    }),
    builtIn('RateLimitViolated', {
      title: 'A limit of calls was gone beyond',
      logsource: 'tmws / traffic',
      description: 'Calls were refused because there were more than a limit allows.',
    }),
    ...(detection
      ? [
          builtIn(corroboratedName, {
            title: 'Two independent rules found the same',
            level: 'critical',
            logsource: '',
            description: 'Rules of two families hit the same user, address or session within ten minutes, over different events.',
          }),
        ]
      : []),
  ];
}
