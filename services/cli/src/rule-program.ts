// The commands about rules over events.
import { type Command, Option } from 'commander';
import type { RuleBacktestOptions } from './commands/rule-backtest.ts';
import type { RuleListOptions } from './commands/rule-list.ts';
import type { RuleTestOptions } from './commands/rule-test.ts';
import type { Go } from './go.ts';

/** @param positive  reads a whole number from 1 */
export function addRules(program: Command, go: Go, positive: (text: string) => number): void {
  const rule = program.command('rule').helpCommand(false).description('rules over events: what runs, and what it would find');
  rule
    .command('list')
    .alias('ls')
    .description('list rules that run; those that were refused are told on standard error')
    .argument('[words]', 'part of the id or title')
    .addOption(new Option('--kind <kind,…>', 'only these: sigma, correlation, preset, atr, built_in'))
    .option('-l, --limit <count>', 'at most so many', positive, 100)
    .option('--all', 'all of them, page by page')
    .action((words: string | undefined, options: RuleListOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/rule-list.ts')).ruleList(context, words, options)),
    );
  rule
    .command('get')
    .description('show one rule and its text')
    .argument('<id>', 'of a rule that runs')
    .action((id: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/rule-get.ts')).ruleGet(context, id)),
    );
  rule
    .command('reload')
    .description('read the folders of rules again; a faulty rule is refused alone')
    .action((_options, own: Command) =>
      go(own, async (context) => (await import('./commands/rule-list.ts')).ruleReload(context)),
    );
  rule
    .command('backtest')
    .description('run rules over events of the log, and say what they would have raised')
    .argument('[id...]', 'of rules that run; none and no file: all of them')
    .option('--file <path>', 'rules that do not run, as YAML')
    .option('--from <time>', 'at or after: RFC 3339, or how long ago, like 7d; the first event if absent')
    .option('--to <time>', 'before; now if absent')
    .option('--labels <path>', 'lines of {"source", "id", "malicious"}: which events a rule is right to find')
    .action((ids: string[], options: RuleBacktestOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/rule-backtest.ts')).ruleBacktest(context, ids, options)),
    );
  rule
    .command('test')
    .description('run the cases that rules ship, without a server: Sigma rules, presets, rules of agents')
    .argument('<path...>', 'files, or folders with all that is in them: *.yml and *.yaml; recorded events as *.json beside')
    .option('--allow-untested', 'a rule without a case is no failure')
    .action((paths: string[], options: RuleTestOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/rule-test.ts')).ruleTest(context, paths, options)),
    );
}
