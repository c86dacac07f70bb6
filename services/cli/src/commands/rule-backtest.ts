import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BacktestedRuleJson, BacktestReportJson, BacktestRulesResponseJson, EventLabelJson } from '@tmws/contracts';
import type { ProblemDocument } from '@tmws/problems';
import { formatDuration } from '@tmws/duration';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { jsonLines } from '../json-lines.ts';
import { type Column, printList, printObject } from '../output.ts';
import { statusStyle } from '../paint.ts';
import { openProgress } from '../progress.ts';
import { realOf, refusedLines, shareText } from '../rule-words.ts';
import { rulesPath } from './rule-list.ts';

export interface RuleBacktestOptions {
  readonly file?: string;
  readonly from?: string;
  readonly to?: string;
  readonly labels?: string;
}

type Line = BacktestRulesResponseJson & { readonly problem?: ProblemDocument };

/** `tmws rule backtest`: what rules would have raised. @returns 8 when a rule of the file was refused, 1 when all were */
export async function ruleBacktest(context: Context, ids: readonly string[], options: RuleBacktestOptions): Promise<number> {
  const { terminal } = context;
  const { cwd } = terminal;
  const nowMs = terminal.nowMs();
  const asked = {
    ids,
    text: options.file === undefined ? undefined : await read('--file', readFile(resolve(cwd, options.file), 'utf8')),
    from: timeOf('--from', options.from, nowMs),
    to: timeOf('--to', options.to, nowMs),
    labels: options.labels === undefined ? undefined : await read('--labels', labelsOf(resolve(cwd, options.labels))),
  };
  const progress = openProgress(terminal, 'events');
  let report: BacktestReportJson | undefined;
  try {
    for await (const line of context.client().postLines<Line>(`${rulesPath}/backtest`, asked)) {
      if (line.problem !== undefined) throw new Failure(line.problem);
      report = line.report ?? report;
      const [events, share] = [Number(line.progress?.events ?? 0), realOf(line.progress?.share)];
      if (share > 0) progress.report(events, Math.round(events / share));
    }
  } finally {
    progress.end();
  }
  if (report === undefined) throw Failure.of('internal', 'the backtest broke off', 'the log of the server says why');
  const { rules = [], refused = [] } = report;
  if (context.format === 'table' || context.format === 'plain') {
    const named = ids.length > 0 || options.file !== undefined;
    await printList(
      context,
      columns,
      named ? rules : rules.filter(({ hits = '0', missed = '0' }) => hits !== '0' || missed !== '0'),
    );
    terminal.tell(`${summaryOf(report)}\n`);
  } else await printObject(context, report, []);
  for (const line of refusedLines(refused)) terminal.tell(`${line}\n`);
  return refused.length === 0 ? exitCodes.done : rules.length === 0 ? exitCodes.failed : exitCodes.partly;
}

const columns: Column<BacktestedRuleJson>[] = [
  { title: 'RULE', text: ({ id = '' }) => id, shrinkTo: 16 },
  { title: 'SEVERITY', text: ({ severity = '' }) => severity, style: ({ severity = '' }) => statusStyle(severity) },
  { title: 'HITS', text: ({ hits = '0' }) => hits, align: 'right' },
  { title: 'ALERTS', text: ({ alerts = '0' }) => alerts, align: 'right' },
  { title: 'PAGES/WEEK', text: ({ pagesPerWeek }) => perWeek(realOf(pagesPerWeek)), align: 'right' },
  { title: 'PRECISION', text: precisionText },
  { title: 'MISSED', text: ({ missed = '0' }) => missed, align: 'right' },
  { title: 'TITLE', text: ({ title = '' }) => title, shrinkTo: 16 },
];

const perWeek = (pages: number): string =>
  pages === 0 || pages >= 10 ? String(Math.round(pages)) : String(Number(pages.toPrecision(2)));

const counted = (count: number | string, word: string): string => `${count} ${word}${Number(count) === 1 ? '' : 's'}`;

/** `1.00 of 3, ≥ 37 %`: among hits on labelled events, and what it is at least at 95 %; `-` where none is labelled. */
function precisionText({ truePositives = '0', falsePositives = '0', precision, falsePositiveBound }: BacktestedRuleJson): string {
  const labelled = Number(truePositives) + Number(falsePositives);
  if (labelled === 0) return '-';
  return `${realOf(precision).toFixed(2)} of ${labelled}, ≥ ${shareText(1 - realOf(falsePositiveBound))}`;
}

function summaryOf({ from, to, events = '0', unreadable = '0', tookSeconds, rules = [], truncated = false }: BacktestReportJson) {
  const sum = (what: 'hits' | 'alerts'): number => rules.reduce((all, rule) => all + Number(rule[what] ?? 0), 0);
  const span = from === undefined || to === undefined ? '' : ` in ${formatDuration((Date.parse(to) - Date.parse(from)) * 1e6)}`;
  const met = rules.filter(({ hits = '0' }) => hits !== '0').length;
  const pages = rules.reduce((all, { pagesPerWeek }) => all + realOf(pagesPerWeek), 0);
  return [
    `${counted(events, 'event')}${span}: ${counted(sum('hits'), 'hit')} by ${met} of ${counted(rules.length, 'rule')}, ` +
      `${counted(sum('alerts'), 'alert')}, ${counted(perWeek(pages), 'page')} a week (took ${formatDuration(realOf(tookSeconds) * 1e9)})`,
    ...(unreadable === '0' ? [] : [`${unreadable} records are no events and were passed over`]),
    ...(truncated ? [`the log was longer than is read at once: it was read from ${from ?? ''}`] : []),
  ].join('\n');
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

function timeOf(option: string, text: string | undefined, nowMs: number): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(nowMs - Number(count) * (unitsMs[unit] ?? 0)).toISOString();
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  const got = JSON.stringify(text);
  throw Failure.of('invalid', `${option} must be RFC 3339, or how long ago, like 7d (got ${got})`, undefined, exitCodes.usage);
}

async function labelsOf(path: string): Promise<EventLabelJson[]> {
  return Array.fromAsync(jsonLines<EventLabelJson>(createReadStream(path), () => undefined));
}

async function read<T>(option: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw Failure.of('invalid', `${option} cannot be read (${code ?? message})`, undefined, exitCodes.usage);
  }
}
