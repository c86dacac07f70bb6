// The commands and their options. What a command does is loaded when it runs, so that `tmws` starts at once.
import { Command, InvalidArgumentError, Option } from 'commander';
import { addAlerts } from './alert-program.ts';
import { addBackups } from './backup-program.ts';
import type { AuditListOptions } from './commands/audit.ts';
import type { KeyCreateOptions } from './commands/auth-key.ts';
import type { DemoOptions } from './commands/demo.ts';
import type { DlqReplayOptions } from './commands/dlq-replay.ts';
import type { ImportOptions } from './commands/import.ts';
import type { OperationListOptions } from './commands/operation.ts';
import type { RunDeleteOptions } from './commands/run-delete.ts';
import type { GraphFormat } from './commands/run-graph.ts';
import type { RunExportOptions } from './commands/run-export.ts';
import type { RunCountOptions } from './commands/run-count.ts';
import type { RunListOptions } from './commands/run-list.ts';
import type { RunSvgOptions } from './commands/run-svg.ts';
import type { RunTimelineOptions } from './commands/run-timeline.ts';
import { type Context, type GlobalOptions, openContext } from './context.ts';
import { Failure } from './failure.ts';
import type { Go } from './go.ts';
import { helpTopics } from './help-topics.ts';
import { addRules } from './rule-program.ts';
import type { Terminal } from './terminal.ts';

const queryHelp = "words and key:value, like 'research status:failed duration:>30s' (tmws help query)";
const runId = 'id, beginning of an id, @last, @last-failed or @last-good';

/** The command line as commander knows it. `ended` hears the exit code of a command that has one of its own. */
export function buildProgram(terminal: Terminal, ended: (code: number) => void): Command {
  const program = new Command('tmws')
    .description('Operations for AI-agent and other workflows: what ran, when, why it waited, what failed.')
    .addOption(new Option('-o, --output <format>', 'table, json or jsonl').choices(['table', 'json', 'jsonl']))
    .option('--server <address>', 'where TMWS is; else TMWS_SERVER, the fleet in .tmws, http://127.0.0.1:8080')
    .option('--api-key-file <path>', 'file with an API key; else TMWS_API_KEY')
    .option('-n, --namespace <name>', 'whose data; else TMWS_NAMESPACE')
    .option('--timeout <seconds>', 'longest wait for an answer', positive, 30)
    .addOption(new Option('--time <style>', 'how times are written').choices(['relative', 'iso', 'unix']))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: (text) => terminal.tell(text),
      outputError: () => undefined,
      getOutHelpWidth: () => terminal.columns ?? 100,
      getErrHelpWidth: () => terminal.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .helpCommand(false)
    .addHelpText('after', `\nTopics: tmws help ${Object.keys(helpTopics).join(', tmws help ')}`);

  /** Runs a command's function with the context its global options ask for. */
  const go = async (command: Command, run: (context: Context) => Promise<unknown>): Promise<void> => {
    const code = await run(openContext(command.optsWithGlobals<GlobalOptions>(), terminal));
    if (typeof code === 'number') ended(code);
  };

  program
    .command('up')
    .description('start the fleet in the foreground (settings: TMWS_*)')
    .action((_options, command: Command) => go(command, async () => (await import('./commands/up.ts')).up()));

  const run = program.command('run').alias('ex').helpCommand(false).description('executions of workflows');
  const listing = (command: Command): Command =>
    command
      .description('list runs, newest first')
      .option('--workflow <name>', 'of this workflow')
      .option('--status <status,…>', 'in one of these states: planned, running, completed, failed, cancelled, timed_out, unknown')
      .option('-q, --query <query>', queryHelp)
      .option('--sort <order>', '-startedAt, startedAt, -duration, duration or -changed')
      .option('-l, --limit <count>', 'at most so many', positive, 50)
      .option('--all', 'all of them, page by page')
      .action((options: RunListOptions, own: Command) =>
        go(own, async (context) => (await import('./commands/run-list.ts')).runList(context, options)),
      );
  const showing = (command: Command): Command =>
    command
      .description('show one run')
      .argument('<run>', runId)
      .action((id: string, _options, own: Command) =>
        go(own, async (context) => (await import('./commands/run-get.ts')).runGet(context, id)),
      );
  listing(run.command('list').alias('ls'));
  showing(run.command('get').aliases(['describe', 'show']));
  run
    .command('timeline')
    .description('draw the timeline of a run')
    .argument('<run>', runId)
    .option('--critical', 'list the critical path instead: where the time went')
    .option('-l, --limit <count>', 'draw at most so many steps; failed and critical ones first', positive, 200)
    .option('--all', 'draw all steps')
    .action((id: string, options: RunTimelineOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/run-timeline.ts')).runTimeline(context, id, options)),
    );
  run
    .command('svg')
    .description('the timeline of a run as a picture')
    .argument('<run>', runId)
    .option('--file <path>', 'to a file; else standard output')
    .option('--width <px>', 'of the picture', positive)
    .addOption(new Option('--theme <theme>', 'its colours').choices(['light', 'dark', 'contrast']))
    .option('--from <time>', 'only what ends after, RFC 3339')
    .option('--to <time>', 'only what starts before')
    .action((id: string, options: RunSvgOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/run-svg.ts')).runSvg(context, id, options)),
    );
  run
    .command('bottlenecks')
    .description('what a run would win if a step took no time, greatest first')
    .argument('<run>', runId)
    .option('-l, --limit <count>', 'at most so many steps', positive, 10)
    .action((id: string, options: { limit: number }, own: Command) =>
      go(own, async (context) => (await import('./commands/run-bottlenecks.ts')).runBottlenecks(context, id, options)),
    );
  run
    .command('waits')
    .description('why the steps of a run waited, and for whom; the longest first')
    .argument('<run>', runId)
    .option('-l, --limit <count>', 'at most so many steps', positive, 20)
    .action((id: string, options: { limit: number }, own: Command) =>
      go(own, async (context) => (await import('./commands/run-waits.ts')).runWaits(context, id, options)),
    );
  run
    .command('step')
    .description('show one step of a run: its tries, what was told of each, its waits and what it cost')
    .argument('<run>', runId)
    .argument('<step>', 'key, id or name of the step')
    .action((id: string, step: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/run-step.ts')).runStep(context, id, step)),
    );
  run
    .command('graph')
    .description('the steps of a run and what had to wait for what')
    .argument('<run>', runId)
    .addOption(new Option('--format <format>', 'a drawing, or the data').choices(['dot', 'mermaid', 'json']))
    .action((id: string, options: { format?: GraphFormat }, own: Command) =>
      go(own, async (context) => (await import('./commands/run-graph.ts')).runGraph(context, id, options)),
    );

  run
    .command('export')
    .description('write all runs that match, newest first')
    .option('--workflow <name>', 'of this workflow')
    .option('--status <status,…>', 'in one of these states')
    .option('-q, --query <query>', queryHelp)
    .addOption(
      new Option('--format <format>', 'an object a line, or a table for spreadsheets').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option('--file <path>', 'to a file, which is there when it is whole; else standard output')
    .action((options: RunExportOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/run-export.ts')).runExport(context, options)),
    );
  run
    .command('count')
    .description('count runs, by what they are')
    .option('--workflow <name>', 'of this workflow')
    .option('--status <status,…>', 'in one of these states')
    .option('-q, --query <query>', queryHelp)
    .addOption(
      new Option('--by <key>', 'by this').choices(['status', 'workflow', 'version', 'origin', 'error']).default('status'),
    )
    .option('--groups', 'the causes failures share instead')
    .action((options: RunCountOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/run-count.ts')).runCount(context, options)),
    );
  run
    .command('delete')
    .alias('rm')
    .description('take a run away with all its steps; asks first')
    .argument('<run>', runId)
    .option('--force', 'also while it runs')
    .option('-y, --yes', 'do not ask')
    .action((id: string, options: RunDeleteOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/run-delete.ts')).runDelete(context, id, options)),
    );

  const retention = program.command('retention').helpCommand(false).description('how long runs are kept');
  retention
    .command('get')
    .description('how long runs are kept, what they take and what they will take')
    .option('--days <days>', 'forecast for so many days instead; 0 = for ever', whole)
    .action((options: { days?: number }, own: Command) =>
      go(own, async (context) => (await import('./commands/retention.ts')).retentionGet(context, options)),
    );
  retention
    .command('set')
    .description('keep them for so many days from now on')
    .argument('<days>', '1 to 3650, 0 for ever, or default')
    .action((days: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/retention.ts')).retentionSet(context, days)),
    );

  program
    .command('demo')
    .description('play a realistic agent workload into the server')
    .option('--seed <number>', 'the same seed tells the same story', whole, 7)
    .option('--fast', 'everything at once, as if it had just happened')
    .action((options: DemoOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/demo.ts')).demo(context, options)),
    );

  program
    .command('import')
    .description('import recorded files: WfFormat, Temporal histories, Jaeger traces, lines of CloudEvents; the format is found')
    .argument('<file...>', 'files, as they are or .gz; - is standard input')
    .option('--open', 'show the first run in the browser')
    .action((files: string[], options: ImportOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/import.ts')).importFiles(context, files, options)),
    );
  addOperations(program, go);

  const dlq = program.command('dlq').helpCommand(false).description('dead letters: records that were refused');
  dlq
    .command('list')
    .alias('ls')
    .description('list dead letters and why they were refused, newest first')
    .option('--topic <topic>', 'refused on this topic (tmws.workflow)')
    .option('-l, --limit <count>', 'at most so many', positive, 50)
    .action((options: { topic?: string; limit: number }, own: Command) =>
      go(own, async (context) => (await import('./commands/dlq-list.ts')).dlqList(context, options)),
    );
  dlq
    .command('replay')
    .description('send dead letters again')
    .argument('[id...]', 'topic/partition/offset, from the list')
    .option('--all', 'all of the topic')
    .option('--topic <topic>', 'refused on this topic (tmws.workflow)')
    .action((ids: string[], options: DlqReplayOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/dlq-replay.ts')).dlqReplay(context, ids, options)),
    );

  const admin = program.command('admin').helpCommand(false).description('care of the server');
  admin
    .command('rebuild')
    .description('throw the read models away and make them anew from the log')
    .option('-y, --yes', 'do not ask')
    .action((options: { yes?: boolean }, own: Command) =>
      go(own, async (context) => (await import('./commands/admin-rebuild.ts')).adminRebuild(context, options)),
    );
  admin
    .command('check')
    .description('whether all parts work: an event goes all the way, alerting answers')
    .action((_options: unknown, own: Command) =>
      go(own, async (context) => (await import('./commands/admin-check.ts')).adminCheck(context)),
    );

  addBackups(admin, go, positive);

  addAlerts(program, go, positive);
  addRules(program, go, positive);
  addAccess(program, go);

  const get = program.command('get').helpCommand(false).description('the same as list or get of a kind, as kubectl has it');
  listing(get.command('runs'));
  showing(get.command('run'));
  showing(program.command('describe')).description('the same as run get: tmws describe run/ID');

  program
    .command('version')
    .description('versions of tmws and Node')
    .action((_options, own: Command) => go(own, async (context) => (await import('./commands/version.ts')).version(context)));
  program
    .command('help')
    .description(`help for a command, or on ${Object.keys(helpTopics).join(', ')}`)
    .argument('[words...]')
    .action((words: string[]) => help(program, terminal, words));
  return program;
}

function addAccess(program: Command, go: Go): void {
  const auth = program.command('auth').helpCommand(false).description('who may come in');
  const key = auth.command('key').helpCommand(false).description('API keys');
  key
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--name <name>', 'what people call it')
    .addOption(
      new Option('--role <role>', 'what it may do; viewer if neither this nor --scope').choices([
        'viewer',
        'editor',
        'operator',
        'admin',
      ]),
    )
    .addOption(new Option('--scope <scope,…>', 'instead: some of read, write, operate, admin').conflicts('role'))
    .option('--for <namespace,…>', 'namespaces it is good for, * for all; default if absent')
    .option('--expires <when>', '90d, 12h or an RFC 3339 time; never if absent')
    .action((options: KeyCreateOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/auth-key.ts')).authKeyCreate(context, options)),
    );
  key
    .command('list')
    .alias('ls')
    .description('list keys, newest first')
    .option('--all', 'also those that ended')
    .action((options: { all?: boolean }, own: Command) =>
      go(own, async (context) => (await import('./commands/auth-key.ts')).authKeyList(context, options)),
    );
  key
    .command('revoke')
    .description('end a key')
    .argument('<prefix>', 'tmws_ and eight digits')
    .action((prefix: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/auth-key.ts')).authKeyRevoke(context, prefix)),
    );
  const audit = program.command('audit').helpCommand(false).description('who came, who was refused, what admins did');
  audit
    .command('list')
    .alias('ls')
    .description('list the audit, newest first')
    .option('--type <type,…>', 'like tmws.auth.failed')
    .option('--principal <name>', 'only of this one')
    .option('--ip <address>', 'only from this address')
    .option('-l, --limit <count>', 'at most so many', positive, 100)
    .action((options: AuditListOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/audit.ts')).auditList(context, options)),
    );
  audit
    .command('verify')
    .description('whether every row is as it was written; exit code 1 when one is not')
    .action((_options, own: Command) => go(own, async (context) => (await import('./commands/audit.ts')).auditVerify(context)));
}

function addOperations(program: Command, go: Go): void {
  const operation = program.command('operation').alias('op').helpCommand(false).description('long work: imports');
  operation
    .command('list')
    .alias('ls')
    .description('list operations, newest first')
    .option('--status <status,…>', 'in one of these states: queued, running, done, failed, cancelled')
    .option('-l, --limit <count>', 'at most so many', positive, 50)
    .action((options: OperationListOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/operation.ts')).operationList(context, options)),
    );
  operation
    .command('get')
    .description('show one operation')
    .argument('<operation>', 'its id')
    .action((id: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/operation.ts')).operationGet(context, id)),
    );
  operation
    .command('cancel')
    .description('end an operation, leaving nothing of it')
    .argument('<operation>', 'its id')
    .action((id: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/operation.ts')).operationCancel(context, id)),
    );
}

async function help(program: Command, terminal: Terminal, words: readonly string[]): Promise<void> {
  const topic = words.length === 1 ? helpTopics[words[0] ?? ''] : undefined;
  if (topic !== undefined) return terminal.print(topic);
  let command = program;
  for (const word of words) {
    const inner = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (inner === undefined)
      throw Failure.of(
        'invalid',
        `there is no help on ${JSON.stringify(words.join(' '))}`,
        '`tmws help` lists commands and topics',
      );
    command = inner;
  }
  command.outputHelp();
}

function positive(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32)
    throw new InvalidArgumentError('It must be a whole number from 0 to 4294967295.');
  return Number(text);
}
