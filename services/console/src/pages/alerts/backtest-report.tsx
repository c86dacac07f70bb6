import { formatDuration } from '@tmws/duration';
import { type Example, pagesText, precisionWords, type Report, reportWords, type Tested } from '../../model/backtest.ts';
import { exactly, matcherText } from '../../model/label-matcher.ts';
import { formatInstant } from '../../model/when.ts';
import { linkTo, withParameters } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';
import { RefusedRules } from './refused-rules.tsx';

/** Rules that nothing met are told of in a sentence where there are more than these. */
const mostQuiet = 10;

/** What came of a backtest: in a sentence, rule by rule, and by example. @param id  of the only rule, whose page this is */
export function BacktestReport({ report, id }: { report: Report; id?: string }) {
  const { rules, truncated, fromMs, unreadable, tookSeconds } = report;
  const shown = rules.length <= mostQuiet ? rules : rules.filter(({ hits, missed }) => hits > 0 || missed > 0);
  const quiet = rules.length - shown.length;
  return (
    <div class="backtest-report">
      <p class="explained-summary">{reportWords(report)}.</p>
      <RefusedRules refused={report.refused} count={report.refused.length} />
      {truncated && fromMs !== undefined && (
        <p class="quiet">The log is longer than is read at once: this begins at {formatInstant(fromMs)}.</p>
      )}
      {shown.length > 0 && (
        <div class="backtest-table" tabIndex={0} role="region" aria-label="Rule by rule">
          <table>
            <thead>
              <tr>
                {id === undefined && <th scope="col">Rule</th>}
                <th scope="col">Severity</th>
                <th scope="col" class="number">
                  Hits
                </th>
                <th scope="col" class="number">
                  Alerts
                </th>
                <th scope="col" class="number">
                  Pages a week
                </th>
                <th scope="col">Precision</th>
                <th scope="col" class="number">
                  Missed
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((rule) => (
                <Line key={rule.id} rule={rule} named={id === undefined} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.some(({ examples }) => examples.length > 0) && (
        <details class="backtest-examples" open={shown.length === 1}>
          <summary>Examples</summary>
          <ul>
            {shown.flatMap((rule) =>
              rule.examples.map((example, at) => (
                <Found key={`${rule.id} ${at}`} {...{ rule, example }} named={id === undefined} />
              )),
            )}
          </ul>
        </details>
      )}
      <p class="quiet">
        {quiet > 0 && `${quiet.toLocaleString('en')} rules met nothing. `}
        {unreadable > 0 && `${unreadable.toLocaleString('en')} records are no events and were passed over. `}
        Took {formatDuration(tookSeconds * 1e9)}.
      </p>
    </div>
  );
}

function Line({ rule, named }: { rule: Tested; named: boolean }) {
  const { router } = useConsole();
  const { id, title, severity, hits, alerts, pagesPerWeek, missed } = rule;
  return (
    <tr>
      {named && (
        <th scope="row">
          <a href={linkTo({ name: 'rule', id }, router.search.value)}>{title === '' ? id : title}</a>
        </th>
      )}
      <td class="severity-cell">
        <SeverityMark severity={severity} />
      </td>
      <td class="number">{hits.toLocaleString('en')}</td>
      <td class="number">{alerts.toLocaleString('en')}</td>
      <td class="number">{pagesText(pagesPerWeek)}</td>
      <td>{precisionWords(rule) || <span class="quiet">nothing is labelled</span>}</td>
      <td class="number">{missed.toLocaleString('en')}</td>
    </tr>
  );
}

function Found({ rule, example, named }: { rule: Tested; example: Example; named: boolean }) {
  const { router } = useConsole();
  const { atMs, source, id, label, group } = example;
  const groups = new URL(linkTo({ name: 'alerts', view: 'groups' }, router.search.value), location.origin);
  const filter = exactly({ rule_id: rule.id }).map(matcherText).join(',');
  const then = withParameters(groups.searchParams, { at: new Date(atMs).toISOString(), filter }).toString();
  return (
    <li>
      <a href={`${groups.pathname}?${then}`} title="Alerts of the rule that fired then">
        {formatInstant(atMs)}
      </a>
      {named && <span>{rule.title === '' ? rule.id : rule.title}</span>}
      <span class="quiet">
        event <code>{id}</code> of <code>{source}</code>
      </span>
      {label !== '' && <span class={label === 'malicious' ? 'tone-bad' : 'tone-good'}>{label}</span>}
      {Object.entries(group).map(([name, value]) => (
        <span key={name} class="label">
          <span class="label-name">{name}=</span>
          <span class="label-value">{value}</span>
        </span>
      ))}
    </li>
  );
}
