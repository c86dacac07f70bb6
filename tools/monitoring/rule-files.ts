import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../mesh/call-graph.ts';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleFile {
  /** Of whose chart it is. */
  readonly service: string;
  readonly path: string;
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** The rules of all charts. */
export function ruleFiles(): RuleFile[] {
  return globSync('charts/*/rules/*.yaml', { cwd: root })
    .toSorted()
    .map((path) => ({ service: path.split('/')[1] ?? '', path: join(root, path), ...readRules(join(root, path)) }));
}

const readRules = (path: string): Pick<RuleFile, 'groups'> => parse(readFileSync(path, 'utf8')) as Pick<RuleFile, 'groups'>;

export const rulesOf = ({ groups }: Pick<RuleFile, 'groups'>): Rule[] => groups.flatMap(({ rules }) => rules);
