import { bySeverity } from '../../model/alert-severity.ts';
import type { Counts } from '../../model/alert-group.ts';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';

interface Props {
  counts: Counts;
  groups: number;
  /** Severities that are kept; none: all are. */
  severities: readonly string[];
  onSeverities(severities: readonly string[]): void;
}

/** How much fires, in one line; each severity is a way to see only that. */
export function CountsLine({ counts, groups, severities, onSeverities }: Props) {
  const { firing, suppressed, damped, acknowledged } = counts;
  const parts = [
    `${many(firing, 'alert')} in ${many(groups, 'group')}`,
    acknowledged > 0 ? `${acknowledged} acknowledged` : '',
    suppressed > 0 ? `${suppressed} suppressed` : '',
    damped > 0 ? `${damped} damped` : '',
  ];
  const chosen = Object.fromEntries(severities.map((severity) => [severity, 0]));
  const toggle = (severity: string): void =>
    onSeverities(severities.includes(severity) ? severities.filter((each) => each !== severity) : [...severities, severity]);
  return (
    <div class="counts">
      <span>{parts.filter(Boolean).join(' · ')}</span>
      <div class="toggles" role="group" aria-label="Severity">
        {bySeverity({ ...chosen, ...counts.severities }, severities).map(({ severity, count }) =>
          severity === '' ? (
            <SeverityMark key={severity} severity={severity} count={count} />
          ) : (
            <button key={severity} type="button" aria-pressed={severities.includes(severity)} onClick={() => toggle(severity)}>
              <SeverityMark severity={severity} count={count} />
            </button>
          ),
        )}
      </div>
    </div>
  );
}

const many = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
