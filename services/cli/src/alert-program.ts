// The commands about alerts, silences and who is told.
import { type Command, Option } from 'commander';
import type { AlertFilterOptions, AlertListOptions } from './commands/alert-list.ts';
import type { AlertHistoryOptions } from './commands/alert-history.ts';
import type { NotificationListOptions } from './commands/notification.ts';
import type { NotificationReplayOptions } from './commands/notification-replay.ts';
import type { ReceiverTestOptions } from './commands/receiver-test.ts';
import type { SilenceAddOptions, SilenceListOptions } from './commands/silence.ts';
import type { Go } from './go.ts';

const matchers = 'matchers, like severity=critical or job=~"api.*"; all must hold';
const which = 'fingerprints, or matchers that the alerts match';

/** @param positive  reads a whole number from 1 */
export function addAlerts(program: Command, go: Go, positive: (text: string) => number): void {
  const alert = program.command('alert').helpCommand(false).description('what fires, who hears of it, who looks after it');
  const filtered = (command: Command): Command =>
    command
      .argument('[matchers...]', matchers)
      .addOption(new Option('--state <state,…>', 'in one of these states: active, suppressed, damped'))
      .option('--receiver <pattern>', 'told to receivers whose whole name matches')
      .addOption(new Option('--acknowledged <yes or no>', 'whether somebody did').choices(['yes', 'no']))
      .option('--assignee <name>', 'whose they are')
      .option('-l, --limit <count>', 'at most so many', positive, 50)
      .option('--all', 'all of them, page by page');
  filtered(alert.command('list').alias('ls'))
    .description('list alerts that fire, the worst first')
    .option('--at <time>', 'those that fired then, RFC 3339')
    .action((given: string[], options: AlertListOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/alert-list.ts')).alertList(context, given, options)),
    );
  filtered(alert.command('groups'))
    .description('list groups as receivers hear of them; what needs somebody first')
    .action((given: string[], options: AlertFilterOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/alert-list.ts')).alertGroups(context, given, options)),
    );
  alert
    .command('get')
    .description('show one alert')
    .argument('<fingerprint>', '16 hex digits')
    .action((fingerprint: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/alert-get.ts')).alertGet(context, fingerprint)),
    );
  alert
    .command('history')
    .description('what happened to an alert, or to all; the latest first')
    .argument('[fingerprint]', '16 hex digits')
    .option('--kind <kind,…>', 'only these: fired, resolved, acknowledged, notified, …')
    .option('--from <time>', 'at or after, RFC 3339')
    .option('--to <time>', 'before')
    .option('-l, --limit <count>', 'at most so many', positive, 50)
    .action((fingerprint: string | undefined, options: AlertHistoryOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/alert-history.ts')).alertHistory(context, fingerprint, options)),
    );
  alert
    .command('explain')
    .description('who hears of an alert, and why, rule by rule')
    .argument('<alert...>', 'a fingerprint, or labels: severity=critical job=api')
    .action((given: string[], _options, own: Command) =>
      go(own, async (context) => (await import('./commands/alert-explain.ts')).alertExplain(context, given)),
    );
  const changes = () => import('./commands/alert-change.ts');
  alert
    .command('ack')
    .description('look after alerts: repeats and escalation stop')
    .argument('<alert...>', which)
    .option('-m, --comment <text>', 'what there is to say')
    .option('--take', 'also take those that are nobody’s')
    .action((given: string[], options: { comment?: string; take?: boolean }, own: Command) =>
      go(own, async (context) => (await changes()).alertAck(context, given, options)),
    );
  alert
    .command('unack')
    .description('take acknowledgements back: escalation begins anew')
    .argument('<alert...>', which)
    .option('-m, --comment <text>', 'why')
    .action((given: string[], options: { comment?: string }, own: Command) =>
      go(own, async (context) => (await changes()).alertUnack(context, given, options)),
    );
  alert
    .command('assign')
    .description('say whose alerts are')
    .argument('<name>', 'a name, me, or nobody')
    .argument('<alert...>', which)
    .option('-m, --comment <text>', 'why')
    .action((name: string, given: string[], options: { comment?: string }, own: Command) =>
      go(own, async (context) => (await changes()).alertAssign(context, name, given, options)),
    );
  alert
    .command('comment')
    .description('add a note to the history of alerts')
    .argument('<text>', 'the note')
    .argument('<alert...>', which)
    .action((text: string, given: string[], _options, own: Command) =>
      go(own, async (context) => (await changes()).alertComment(context, text, given)),
    );
  alert
    .command('judge')
    .description('say whether the rule that made alerts was right')
    .argument('<verdict>', 'true, false, or none to take it back')
    .argument('<alert...>', which)
    .option('-m, --comment <text>', 'why')
    .action((verdict: string, given: string[], options: { comment?: string }, own: Command) =>
      go(own, async (context) => (await import('./commands/alert-judge.ts')).alertJudge(context, verdict, given, options)),
    );
  alert
    .command('watch')
    .description('a line each time something changes, until you leave')
    .action((_options, own: Command) =>
      go(own, async (context) => (await import('./commands/alert-watch.ts')).alertWatch(context)),
    );
  addSilences(program, go, positive);

  const receiver = program.command('receiver').helpCommand(false).description('who is told of alerts');
  receiver
    .command('list')
    .alias('ls')
    .description('list receivers and how messages to them went')
    .action((_options, own: Command) =>
      go(own, async (context) => (await import('./commands/receiver.ts')).receiverList(context)),
    );
  receiver
    .command('test')
    .description('send a message that says it is a test, and show what each integration answers; ends with 1 if any was not sent')
    .argument('<receiver>', 'its name')
    .option('--integration <name>', 'only this one, like slack/0')
    .option(
      '--label <name=value>',
      'a label of the alert that is told; repeated',
      (one: string, all: string[]) => [...all, one],
      [],
    )
    .action((name: string, options: ReceiverTestOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/receiver-test.ts')).receiverTest(context, name, options)),
    );
  const notification = program.command('notification').helpCommand(false).description('messages about alerts');
  notification
    .command('list')
    .alias('ls')
    .description('list messages to receivers, the latest first')
    .option('--status <status,…>', 'in one of these states: pending, sending, sent, dead, superseded, digested, replayed')
    .option('--receiver <name>', 'to this receiver')
    .option('--alert <fingerprint>', 'that name this alert')
    .option('-l, --limit <count>', 'at most so many', positive, 50)
    .action((options: NotificationListOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/notification.ts')).notificationList(context, options)),
    );
  notification
    .command('get')
    .description('show one message, with what was sent or is to be sent')
    .argument('<id>', 'of tmws notification list -o json')
    .action((id: string, _options, own: Command) =>
      go(own, async (context) => (await import('./commands/notification-replay.ts')).notificationGet(context, id)),
    );
  notification
    .command('replay')
    .description('send dead letters again; ends with 1 if any id is none')
    .argument('[id...]', 'dead letters; without: those that the options choose')
    .option('--receiver <name>', 'to this receiver')
    .option('--since <time>', 'dead since then, RFC 3339')
    .option('--all', 'all that the options choose')
    .action((ids: string[], options: NotificationReplayOptions, own: Command) =>
      go(own, async (context) => (await import('./commands/notification-replay.ts')).notificationReplay(context, ids, options)),
    );
}

function addSilences(program: Command, go: Go, positive: (text: string) => number): void {
  const silence = program.command('silence').helpCommand(false).description('what mutes alerts for a time');
  const commands = () => import('./commands/silence.ts');
  silence
    .command('list')
    .alias('ls')
    .description('list silences, the first to end first')
    .option('--state <state,…>', 'in one of these states: active, pending, expired', 'active,pending')
    .option('-l, --limit <count>', 'at most so many', positive, 50)
    .action((options: SilenceListOptions, own: Command) =>
      go(own, async (context) => (await commands()).silenceList(context, options)),
    );
  silence
    .command('add')
    .description('mute alerts that match; says how many that are')
    .argument('<matchers...>', matchers)
    .requiredOption('-c, --comment <text>', 'why')
    .option('-d, --duration <time>', 'for so long: 30m, 2h, 1d', '1h')
    .option('--start <time>', 'from then on, RFC 3339; now if absent')
    .option('--end <time>', 'up to then, RFC 3339, instead of --duration')
    .action((given: string[], options: SilenceAddOptions, own: Command) =>
      go(own, async (context) => (await commands()).silenceAdd(context, given, options)),
    );
  silence
    .command('preview')
    .description('what a silence of these matchers would mute')
    .argument('<matchers...>', matchers)
    .action((given: string[], _options, own: Command) =>
      go(own, async (context) => (await commands()).silencePreview(context, given)),
    );
  silence
    .command('expire')
    .description('end silences now')
    .argument('<id...>', 'of silences')
    .action((ids: string[], _options, own: Command) =>
      go(own, async (context) => (await commands()).silenceExpire(context, ids)),
    );
}
