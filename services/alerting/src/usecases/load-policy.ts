import type { AlertmanagerConfig } from '../domain/config/alertmanager-config.ts';
import type { MoreReceiver } from '../domain/config/more-receivers.ts';
import { parsePolicy } from '../domain/config/policy-file.ts';
import type { MatcherMode } from '../domain/matcher-text.ts';
import { type AlertPolicy, noPolicy } from '../domain/policy.ts';
import { quickMoreText, withReceivers } from '../domain/quick-more.ts';
import { readSource, type Source } from './read-source.ts';

/**
 * Reads the policy that belongs to a configuration: its receivers are those that steps may name. Without a source there is none
 * but `besides`: integrations that the environment asks for, before those of the file.
 *
 * The reader throws Problem `precondition` with every mistake and its line.
 */
export const policyFrom =
  (source: Source | undefined, mode: MatcherMode, besides: readonly MoreReceiver[] = []) =>
  async ({ receivers }: Pick<AlertmanagerConfig, 'receivers'>): Promise<AlertPolicy> => {
    const policy =
      source === undefined ? noPolicy : await readSource(source, (text) => parsePolicy(text, [...receivers.keys()], mode));
    if (besides.length === 0) return policy;
    const asked = `# Of the environment:\n${quickMoreText(besides)}`;
    const original = policy.original === '' ? asked : `${asked}---\n${policy.original}`;
    return { ...policy, receivers: withReceivers(besides, policy.receivers), original };
  };
