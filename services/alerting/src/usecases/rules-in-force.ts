// The rules of the folders in force: read at start, and anew when a file changed or somebody asks for it.
import { setImmediate as yieldOnce } from 'node:timers/promises';
import { faultText, readingRules, type RuleSet, type RuleText } from '@tmws/detection';
import { redactText } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
import { parsedAtr } from '../domain/detection/atr-text.ts';
import { correlating } from '../domain/detection/correlations.ts';
import { corroboration } from '../domain/detection/corroboration.ts';
import { detect } from '../domain/detection/detect.ts';
import type { ObservedEvent } from '../domain/detection/observed-event.ts';
import { presetting } from '../domain/detection/presets.ts';
import { type AtrPart, atrPart, type DetectionRules, ruleSetOf, type RuleTexts } from '../domain/detection/rule-set.ts';
import { ruleAlerts } from '../domain/detection/rule-alerts.ts';
import type { SourceMapping } from '../domain/detection/source-mapping.ts';
import type { HitSeen } from '../domain/rules/rule.ts';
import type { Clock } from '../ports.ts';
import type { AnyRule } from './observe-events.ts';
import { type RanCases, runRuleCases, type RuleCases } from './rule-cases.ts';

/** What lies in the folders. */
export interface RuleFiles {
  /** Rules, correlations, filters, presets. */
  readonly sigma: RuleTexts;
  /** Agent Threat Rules. */
  readonly atr: RuleTexts;
}

interface RulesLoading {
  /** Throws Problem `precondition` that names the folder or file; what is in force stays. */
  readonly readRules: () => Promise<RuleFiles>;
  /** `tmws.security` first. Throws as `readRules`. */
  readonly readSources: () => Promise<readonly SourceMapping[]>;
  /** How long the alert of a hit fires. */
  readonly firesForMs: number;
  /** Older events raise nothing. */
  readonly tooOldMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of each set that is taken. */
  readonly taken: (loaded: LoadedRules) => void;
  /** Told of rules that threw; '' = the event cannot be looked at at all. */
  readonly choked: (rule: string, event: ObservedEvent, error: unknown) => void;
}

export interface LoadedRules {
  readonly set: DetectionRules;
  readonly sources: ReadonlyMap<string, SourceMapping>;
  /** Those that see hits: correlations, and what makes alerts. */
  readonly rules: readonly AnyRule[];
  readonly loadedAtMs: number;
}

export interface RulesInForce {
  current(): LoadedRules;
  /** What came of the last reading. */
  last(): { readonly ok: boolean; readonly atMs: number };
  /** Reads again; all of it is taken at once, or what is in force stays. @throws Problem `precondition` */
  reload(): Promise<LoadedRules>;
  /** Cases that a rule ships. Those of a set that was just taken come soon after it. */
  casesOf(id: string): RuleCases;
  mappingOf(topic: string): SourceMapping | undefined;
  detect(events: readonly ObservedEvent[]): Promise<{ events: readonly HitSeen[]; rules: readonly AnyRule[] }>;
}

/** The process does other things too: no more than this is done at a stretch. */
const stretchMs = 15;

/** Reads for the first time. @throws Problem `precondition` */
export async function openRulesInForce(loading: RulesLoading): Promise<RulesInForce> {
  const { clock, logger, choked, taken, tooOldMs } = loading;
  let { loaded: current, atr } = await load(loading, undefined);
  let last = { ok: true, atMs: current.loadedAtMs };
  let reloading: Promise<unknown> = Promise.resolve();
  taken(current);
  let ran: RanCases | undefined;
  const runCases = async (): Promise<void> => {
    const loaded = current;
    const next = await runRuleCases({ set: loaded.set, atr }, ran, pauses(), () => current !== loaded);
    if (current === loaded) ran = next;
  };
  const startCases = (): void =>
    void runCases().catch((error: unknown) => logger.warn({ err: error }, 'cases of rules cannot be run'));
  startCases();
  const reload = async (): Promise<LoadedRules> => {
    try {
      const next = await load(loading, atr);
      ({ loaded: current, atr } = next);
      last = { ok: true, atMs: current.loadedAtMs };
      taken(current);
      startCases();
      return current;
    } catch (error) {
      last = { ok: false, atMs: clock() };
      logger.warn({ reason: Problem.from(error).message }, 'rules were not read again; those in force stay');
      throw error;
    }
  };
  return {
    current: () => current,
    last: () => last,
    reload() {
      const next = reloading.then(reload);
      reloading = next.catch(() => undefined);
      return next;
    },
    casesOf: (id) => ran?.cases.get(id) ?? ran?.atrCases.get(id) ?? { count: 0, failed: [] },
    mappingOf: (topic) => current.sources.get(topic),
    async detect(events) {
      const { set, rules } = current;
      const pause = pauses();
      const hits: HitSeen[] = [];
      for (const event of events) {
        await pause();
        const { namespace, source, id, type, atMs } = event;
        if (atMs <= clock() - tooOldMs) continue;
        try {
          const found = detect(set, event, redactText);
          for (const { rule, error } of found.choked) choked(rule, event, error);
          for (const hit of found.hits) hits.push({ about: 'hit', hit, namespace, source, id, type, atMs });
        } catch (error) {
          choked('', event, error);
        }
      }
      return { events: hits, rules };
    },
  };
}

async function load(loading: RulesLoading, before: AtrPart | undefined): Promise<{ loaded: LoadedRules; atr: AtrPart }> {
  const { readRules, readSources, firesForMs, clock, logger } = loading;
  const [files, sources] = await Promise.all([readRules(), readSources()]);
  const { texts } = files.atr;
  const same = before !== undefined && isSame(before.texts, texts);
  const atr = same ? before : atrPart(texts, await parsedAtr(texts, pauses()));
  const read = ruleSetOf(files.sigma.texts, atr, await readInSteps(files.sigma.texts));
  const set = { ...read, refused: [...files.sigma.refused, ...files.atr.refused, ...read.refused] };
  for (const { source, faults } of set.refused)
    logger.warn({ faults: faults.slice(0, 20).map((fault) => faultText(source, fault)) }, 'a rule is refused; the others run');
  const bySource = new Map(sources.map((each) => [each.topic, each]));
  return { loaded: { set, sources: bySource, rules: rulesOver(set, firesForMs), loadedAtMs: clock() }, atr };
}

async function readInSteps(texts: readonly RuleText[]): Promise<RuleSet> {
  const steps = readingRules(texts);
  const pause = pauses();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

/** What sees the hits of a set: presets and correlations, and what makes alerts. */
export const rulesOver = (set: DetectionRules, firesForMs: number): AnyRule[] =>
  [
    ...set.presets.map((rule) => presetting(rule, set.runningOf(rule))),
    ...set.correlations.map((rule) => correlating(rule, set.runningOf(rule))),
    ruleAlerts({ firesForMs }),
    corroboration({ firesForMs }),
  ] as AnyRule[];

const isSame = (a: readonly RuleText[], b: readonly RuleText[]): boolean =>
  a.length === b.length && a.every(({ source, text }, i) => source === b[i]?.source && text === b[i].text);

/** Gives way to the rest of the process once enough was done at a stretch. */
export function pauses(): () => Promise<void> {
  let sinceMs = performance.now();
  return async () => {
    if (performance.now() - sinceMs < stretchMs) return;
    await yieldOnce();
    sinceMs = performance.now();
  };
}
