import type { MessageInitShape } from '@bufbuild/protobuf';
import type { DetectionRuleSchema, Handlers, RefusedRuleSchema, RuleService } from '@tmws/contracts';
import type { Refusal } from '@tmws/detection';
import { Problem } from '@tmws/problems';
import type { listRules, ShownRule } from '../../usecases/list-rules.ts';
import { instant } from './alert-messages.ts';

/** What people see of rules. */
export interface RuleApi {
  readonly rules: ReturnType<typeof listRules>;
  readonly refused: () => readonly Refusal[];
  /** undefined: there is no folder of rules. */
  readonly loadedAtMs: () => number | undefined;
  /** Topics whose records rules see. */
  readonly topics: () => readonly string[];
  /** Absent: there is no folder of rules. */
  readonly reload?: (() => Promise<unknown>) | undefined;
  /** Absent: there is no log to look at. */
  readonly backtest?: Handlers<typeof RuleService.method>['backtestRules'] | undefined;
}

const mostRefused = 100;

const noFolder = (): never => {
  throw new Problem('precondition', 'there is no folder of rules: set ALERTING_RULES_DIR or ALERTING_ATR_DIR');
};

const noRules: RuleApi = {
  rules: {
    list: () => Promise.resolve({ items: [], nextCursor: '', running: 0 }),
    get: (_namespace, id) => Promise.reject(new Problem('not_found', `there is no rule ${JSON.stringify(id)}`)),
  },
  refused: () => [],
  loadedAtMs: () => undefined,
  topics: () => [],
};

/** RuleService. */
export function ruleHandlers(options: RuleApi = noRules): Handlers<typeof RuleService.method> {
  const { rules, refused, loadedAtMs, topics, reload, backtest } = options;
  const loadedAt = () => {
    const ms = loadedAtMs();
    return ms === undefined ? {} : { loadedAt: instant(ms) };
  };
  return {
    async listRules(asked, { caller }) {
      const { items, nextCursor, running } = await rules.list(caller.namespace, asked);
      return {
        items: items.map(ruleMessage),
        nextCursor,
        running,
        refused: refused().slice(0, mostRefused).map(refusedMessage),
        refusedCount: refused().length,
        topics: [...topics()],
        ...loadedAt(),
      };
    },
    async getRule({ id }, { caller }) {
      const { shown, text } = await rules.get(caller.namespace, id);
      return { rule: ruleMessage(shown), text };
    },
    async reloadRules(_request, { caller }) {
      if (reload === undefined) return noFolder();
      await reload();
      const { running } = await rules.list(caller.namespace, { kinds: [], search: '', limit: 1, cursor: '' });
      return { running, refusedCount: refused().length, ...loadedAt() };
    },
    backtestRules: backtest ?? noFolder,
  };
}

function ruleMessage(shown: ShownRule): MessageInitShape<typeof DetectionRuleSchema> {
  const { rule, severity, severityReason, caseCount, failedCases, hits, lastHitMs, verdicts } = shown;
  const { id, title, kind, family, status, level, description, tags, falsePositives, source, logsource } = rule;
  return {
    ...{ id, title, kind, family, status, level, severity, severityReason, description, source, logsource, caseCount },
    tags: [...tags],
    falsePositives: [...falsePositives],
    failedCases: failedCases.slice(0, 100),
    hits: BigInt(hits),
    ...(lastHitMs !== undefined && { lastHitAt: instant(lastHitMs) }),
    verdicts,
  };
}

/** Rules that are refused, as messages. */
export function refusedMessage({
  source,
  document,
  id = '',
  title = '',
  faults,
}: Refusal): MessageInitShape<typeof RefusedRuleSchema> {
  return {
    ...{ source, document, id, title },
    faults: faults.slice(0, 100).map(({ line = 0, path, message }) => ({ line, path, message })),
  };
}
