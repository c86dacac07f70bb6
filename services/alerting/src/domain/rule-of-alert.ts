import { type LabelSet, labelValue } from './label-set.ts';

/** Rules that are always there, by what their alerts say of where they come from. */
const builtIn: Readonly<Record<string, string>> = {
  FailedSignIns: 'auth',
  SecurityEvent: 'security',
  RateLimitViolated: 'traffic',
};

/** The id of the rule that made an alert; undefined: no rule did. */
export function ruleOfAlert(labels: LabelSet): string | undefined {
  const [name, source, id] = ['alertname', 'tmws_source', 'rule_id'].map((label) => labelValue(labels, label));
  if (source === 'detection') return id === '' ? undefined : id;
  return name !== undefined && builtIn[name] === source ? name : undefined;
}
