import type { GetRuleResponseJson } from '@tmws/contracts/rules';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { labelsOf, readRule } from '../../model/rule.ts';
import { linkTo } from '../../state/address.ts';
import { openAnswer } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/use-keys.ts';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';
import { CopyAs } from '../../ui/copy-as.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { BacktestPart } from './backtest-part.tsx';
import { RuleAlerts } from './rule-alerts.tsx';
import { RuleFacts } from './rule-facts.tsx';
import { RuleText } from './rule-text.tsx';

const againMs = 10_000;

/** One rule: what it looks for, its text, what it found, what it would have found. */
export function RuleView({ id, views }: { id: string; views: ComponentChildren }) {
  const { api, router } = useConsole();
  const path = `rules/${encodeURIComponent(id)}`;
  const found = useOpened(
    () => openAnswer(api, path, ({ rule = {}, text = '' }: GetRuleResponseJson) => ({ rule: readRule(rule), text })),
    [api, path],
  );
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void found.load(), againMs);
    return () => clearInterval(timer);
  }, [found]);
  const [answer, problem] = [found.value.value, found.problem.value];
  const name = answer === undefined || answer.rule.title === '' ? id : answer.rule.title;
  const rules = linkTo({ name: 'alerts', view: 'rules' }, router.search.value);
  useEffect(() => {
    document.title = `${name} · TMWS`;
  }, [name]);
  useKeys({ back: () => router.go(rules) });
  return (
    <>
      <p class="crumbs">
        <a href={rules}>Rules</a> <span aria-hidden="true">/</span> <code>{id}</code>
      </p>
      <div class="head alerts-head">
        <h1>{name}</h1>
        {views}
        <span class="head-end">
          <CopyAs path={path} command={['rule', 'get', id]} />
        </span>
      </div>
      {problem !== undefined && problem.status !== 404 && (
        <ProblemNote problem={problem} what="The rule" stale={answer !== undefined} retry={() => void found.load()} />
      )}
      {problem?.status === 404 && (
        <section class="notice">
          <h2>No rule of this id runs</h2>
          <p>
            It was taken away, or is refused: <a href={rules}>the rules</a> say which are, and why.
          </p>
        </section>
      )}
      {answer === undefined && problem === undefined && <Skeleton what="the rule" heights={[180, 240]} />}
      {answer !== undefined && (
        <div class="alert-page">
          <section class="card" aria-label="The rule">
            <div class="card-head">
              <SeverityMark severity={answer.rule.severity} />
              {answer.rule.less !== '' && (
                <span class="rule-less quiet">
                  not {answer.rule.level}: {answer.rule.less}
                </span>
              )}
            </div>
            {answer.rule.description !== '' && <p class="card-summary">{answer.rule.description}</p>}
            <RuleFacts rule={answer.rule} />
          </section>
          <section class="card" aria-label="Backtest">
            <h2>Backtest</h2>
            {answer.rule.kind === 'built_in' ? (
              <p class="quiet">Rules of files are run over the log; this one is built in.</p>
            ) : (
              <BacktestPart id={id} />
            )}
          </section>
          <RuleAlerts labels={labelsOf(answer.rule)} />
          <section class="card rule-source" aria-label="Its text">
            <h2>Text {answer.rule.source !== '' && <code class="quiet">{answer.rule.source}</code>}</h2>
            {answer.text === '' ? <p class="quiet">It is built in and lies in no file.</p> : <RuleText text={answer.text} />}
          </section>
        </div>
      )}
    </>
  );
}
