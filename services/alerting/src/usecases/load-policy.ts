import type { AlertmanagerConfig } from '../domain/config/alertmanager-config.ts';
import { parsePolicy } from '../domain/config/policy-file.ts';
import type { MatcherMode } from '../domain/matcher-text.ts';
import { type AlertPolicy, noPolicy } from '../domain/policy.ts';
import { readSource, type Source } from './read-source.ts';

/**
 * Reads the policy that belongs to a configuration: its receivers are those that steps may name. Without a source there is none.
 *
 * The reader throws Problem `precondition` with every mistake and its line.
 */
export const policyFrom =
  (source: Source | undefined, mode: MatcherMode) =>
  async ({ receivers }: Pick<AlertmanagerConfig, 'receivers'>): Promise<AlertPolicy> =>
    source === undefined ? noPolicy : await readSource(source, (text) => parsePolicy(text, [...receivers.keys()], mode));
