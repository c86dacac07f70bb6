/**
 * Where an event comes from, in the words of Sigma's taxonomy. Each is a set, because an event may be of several categories; an
 * absent one is unknown.
 */
export interface Logsource {
  readonly category?: readonly string[];
  readonly product?: readonly string[];
  readonly service?: readonly string[];
}

export const unknownLogsource: Logsource = {};

/** What a rule is for: at most one of each. */
export interface WantedLogsource {
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly service?: string | undefined;
}

/** Whether a rule is for events like this: nothing it asks for is known to be otherwise. */
export function isFor(wanted: WantedLogsource, { category, product, service }: Logsource): boolean {
  return fits(wanted.category, category) && fits(wanted.product, product) && fits(wanted.service, service);
}

function fits(wanted: string | undefined, known: readonly string[] | undefined): boolean {
  return wanted === undefined || known === undefined || known.includes(wanted);
}
