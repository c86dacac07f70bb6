import { Problem } from '@tmws/problems';
import { type RuleKind, ruleKinds, type RunningRule } from '../domain/detection/hit.ts';
import { disputedForMs, severityOf } from '../domain/detection/severity-policy.ts';
import { upperBound } from '../domain/rules/clopper-pearson.ts';
import type { Clock } from '../ports.ts';
import type { VerdictReads } from '../verdict-ports.ts';
import type { Paging } from './list-alerts.ts';
import { comparePlaces, pageOf, placeOf } from './page.ts';
import type { RuleHits } from './rule-hits.ts';

export interface ShownRule {
  readonly rule: RunningRule;
  readonly severity: string;
  readonly severityReason: string;
  readonly caseCount: number;
  readonly failedCases: readonly string[];
  readonly hits: number;
  readonly lastHitMs: number | undefined;
  readonly verdicts: { truePositives: number; falsePositives: number; falsePositiveRate: number; falsePositiveBound: number };
}

export interface RulesAsked extends Paging {
  readonly kinds: readonly string[];
  readonly search: string;
}

interface Listing {
  /** Those that run, by id. */
  readonly running: () => ReadonlyMap<string, RunningRule>;
  readonly textOf: (id: string) => string | undefined;
  /** How many cases a rule ships, and those that did not come out as they say. */
  readonly casesOf: (id: string) => { readonly count: number; readonly failed: readonly string[] };
  readonly hits: RuleHits;
  readonly reads: VerdictReads;
  readonly clock: Clock;
}

const [mostOfPage, usualOfPage] = [2000, 100];

/** The rules that run, with what a namespace knows of them. */
export function listRules({ running, textOf, casesOf, hits, reads, clock }: Listing) {
  const shownIn = async (namespace: string) => {
    const counts = await reads.verdictCounts(namespace, clock() - disputedForMs);
    return (rule: RunningRule): ShownRule => {
      const { truePositives = 0, falsePositives = 0, disputed = false } = counts.get(rule.id) ?? {};
      const judged = truePositives + falsePositives;
      // SecurityEvent has the word of whoever told of the event.
      const { severity, reason } = severityOf(rule, disputed && rule.id !== 'SecurityEvent');
      const { count, failed } = casesOf(rule.id);
      const found = hits.of(namespace, rule.id);
      return {
        rule,
        severity,
        severityReason: reason,
        caseCount: count,
        failedCases: failed,
        hits: found?.hits ?? 0,
        lastHitMs: found?.lastMs,
        verdicts: {
          truePositives,
          falsePositives,
          falsePositiveRate: judged === 0 ? 0 : falsePositives / judged,
          falsePositiveBound: upperBound(falsePositives, judged),
        },
      };
    };
  };
  return {
    /** @throws Problem `invalid` */
    async list(namespace: string, { kinds, search, limit, cursor }: RulesAsked) {
      const strange = kinds.find((kind) => !ruleKinds.some((known) => known === kind));
      if (strange !== undefined) {
        const got = JSON.stringify(strange.slice(0, 80));
        throw new Problem('invalid', `kind must be some of ${ruleKinds.join(', ')} (got ${got})`, { field: 'kind' });
      }
      if (limit > mostOfPage)
        throw new Problem('invalid', `limit must be 1 to ${mostOfPage}, or 0 for ${usualOfPage} (got ${limit})`, {
          field: 'limit',
        });
      const after = placeOf(cursor, ['string', 'string']);
      const part = search.trim().toLowerCase();
      const all = [...running().values()];
      const wanted = all
        .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
        .filter(({ id, title }) => part === '' || `${id}\n${title}`.toLowerCase().includes(part))
        .toSorted((a, b) => comparePlaces(placeIn(a), placeIn(b)));
      const page = pageOf(wanted, placeIn, { limit: limit === 0 ? usualOfPage : limit, after });
      const shown = await shownIn(namespace);
      return { items: page.items.map(shown), nextCursor: page.nextCursor, running: all.length };
    },

    /** @throws Problem `not_found` */
    async get(namespace: string, id: string): Promise<{ shown: ShownRule; text: string }> {
      const rule = running().get(id);
      if (rule === undefined)
        throw new Problem('not_found', `there is no rule ${JSON.stringify(id.slice(0, 256))} among those that run`, {
          field: 'id',
        });
      return { shown: (await shownIn(namespace))(rule), text: textOf(id) ?? '' };
    },
  };
}

const placeIn = ({ kind, id }: { kind: RuleKind; id: string }) => [kind, id] as const;
