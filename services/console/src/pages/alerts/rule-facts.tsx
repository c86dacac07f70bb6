import type { ComponentChildren } from 'preact';
import { caseWords, kindWords, type Rule, verdictWords } from '../../model/rule.ts';
import { Ago } from '../../ui/alert-age.tsx';

/** What is known of a rule. */
export function RuleFacts({ rule }: { rule: Rule }) {
  const { kind, status, level, logsource, hits, hitMs, verdicts, failedCases, falsePositives, tags } = rule;
  return (
    <dl class="alert-facts">
      <Fact name="kind">{[kindWords[kind] ?? kind, status].filter(Boolean).join(', ')}</Fact>
      {level !== '' && <Fact name="level">{level}</Fact>}
      {logsource !== '' && <Fact name="looks at">{logsource}</Fact>}
      <Fact name="hits">
        {hits.toLocaleString('en')} since the process began
        {hitMs !== undefined && (
          <>
            , last <Ago ms={hitMs} />
          </>
        )}
      </Fact>
      <Fact name="verdicts">{verdictWords(verdicts)}</Fact>
      <Fact name="cases">
        <span class={failedCases.length > 0 ? 'problem-line' : undefined}>{caseWords(rule)}</span>
        {failedCases.map((each) => (
          <p key={each} class="problem-line">
            ✕ {each}
          </p>
        ))}
      </Fact>
      {falsePositives.length > 0 && (
        <Fact name="may be wrong on">
          {falsePositives.map((each) => (
            <p key={each}>{each}</p>
          ))}
        </Fact>
      )}
      {tags.length > 0 && (
        <Fact name="tags">
          <span class="labels">
            {tags.map((tag) => (
              <span key={tag} class="label">
                {tag}
              </span>
            ))}
          </span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
