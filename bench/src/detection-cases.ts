import { atrCases, type AtrEvent } from '@tmws/detection';

/** A rule of the package, as far as it is named here; its cases are read from it as they lie there. */
export interface RawRule {
  readonly id: string;
}

export interface AtrCase {
  readonly rule: RawRule;
  readonly positive: boolean;
  readonly event: AtrEvent;
}

/** The labelled cases of a rule as events, shaped as the package's own `atr test` shapes them. */
export function casesOf(rule: RawRule): AtrCase[] {
  return atrCases(rule).map(({ event, expected }) => ({ rule, positive: expected, event }));
}
