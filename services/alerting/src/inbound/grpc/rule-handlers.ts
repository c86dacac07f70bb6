import type { Handlers, RuleService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';

const noFolder = (): never => {
  throw new Problem('precondition', 'there is no folder of rules');
};

/** RuleService. */
export function ruleHandlers(): Handlers<typeof RuleService.method> {
  return {
    listRules: () => Promise.resolve({ topics: ['tmws.security', 'tmws.traffic'] }),
    getRule({ id }) {
      throw new Problem('not_found', `there is no rule ${JSON.stringify(id)}`);
    },
    reloadRules: noFolder,
    backtestRules: noFolder,
  };
}
