import { caseWords, kindWords, type Rule, verdictWords } from '../../model/rule.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';

/** One rule of the list: how bad it says a find is, whether it finds anything, and whether it is right. */
export function RuleRow({ rule }: { rule: Rule }) {
  const { router } = useConsole();
  const { id, title, kind, status, hits, hitMs, verdicts, failedCases } = rule;
  return (
    <li class="rule">
      <span class="rule-name">
        <a href={linkTo({ name: 'rule', id }, router.search.value)}>
          <strong>{title === '' ? id : title}</strong>
        </a>
        <span class="quiet">
          {kindWords[kind] ?? kind}
          {status !== '' && `, ${status}`}
          {title !== '' && title !== id && (
            <>
              {' '}
              <code class="id">{id}</code>
            </>
          )}
        </span>
      </span>
      <span class="rule-severity">
        <SeverityMark severity={rule.severity} />
        {rule.less !== '' && (
          <span class="quiet">
            not {rule.level}: {rule.less}
          </span>
        )}
      </span>
      <span class="rule-hits">
        <strong>{hits === 1 ? '1 hit' : `${hits.toLocaleString('en')} hits`}</strong>
        {hitMs !== undefined && (
          <span class="quiet">
            {' '}
            last <Ago ms={hitMs} />
          </span>
        )}
      </span>
      {(verdicts.right + verdicts.wrong > 0 || failedCases.length > 0) && (
        <span class="rule-said">
          {verdicts.right + verdicts.wrong > 0 && <span>{verdictWords(verdicts)}</span>}
          {failedCases.length > 0 && <span class="problem-line">✕ {caseWords(rule)}</span>}
        </span>
      )}
    </li>
  );
}
