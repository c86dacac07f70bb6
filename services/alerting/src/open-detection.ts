// Rules of folders: read, watched, counted. Loaded only where there are folders.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repeatedly } from '@tmws/lifecycle';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { AlertingConfig } from './config.ts';
import { parseSources } from './domain/config/sources-file.ts';
import { ruleKinds } from './domain/detection/hit.ts';
import { isAlert } from './domain/detection/rule-alerts.ts';
import { readRuleFolders, stampOf, watchFolders } from './outbound/rule-folders.ts';
import type { Clock } from './ports.ts';
import type { Observed } from './usecases/observe-events.ts';
import { readSource } from './usecases/read-source.ts';
import { type LoadedRules, openRulesInForce, type RulesInForce } from './usecases/rules-in-force.ts';

interface DetectionOptions {
  readonly config: Pick<AlertingConfig, 'rulesDir' | 'atrDir' | 'sourcesFile' | 'securityEventForMs' | 'giveUpAfterMs'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told after each reading that was taken. */
  readonly taken: (loaded: LoadedRules) => void;
  /** How often the folders are looked at, whatever is heard of them. */
  readonly pollEveryMs?: number;
}

export interface Detection extends RulesInForce {
  readonly topics: () => readonly string[];
  readonly observed: (what: Pick<Observed, 'hits' | 'lost'>) => void;
  close(): Promise<void>;
}

const [pollMs, debounceMs] = [10_000, 250];

/** Reads them. @throws Problem `precondition` that names the folder or file that cannot be read */
export async function openDetection(options: DetectionOptions): Promise<Detection> {
  const { config, clock, logger, metrics, taken, pollEveryMs = pollMs } = options;
  const folders = (config.rulesDir ?? '').split(',').flatMap((folder) => (folder.trim() === '' ? [] : [folder.trim()]));
  const { sourcesFile } = config;
  const atrFolders = config.atrDir === undefined ? [] : [await atrFolder(config.atrDir)];
  const figures = figuresOf(metrics);
  let stamp = '';
  const stampNow = async (): Promise<string> => {
    const files = await Promise.all([stampOf(folders), stampOf(atrFolders)]);
    const sources = sourcesFile === undefined ? '' : await readFile(sourcesFile, 'utf8').catch(() => '');
    return JSON.stringify([...files, sources]);
  };
  const inForce = await openRulesInForce({
    async readRules() {
      const before = await stampNow();
      const [sigma, atr] = await Promise.all([readRuleFolders(folders), readRuleFolders(atrFolders)]);
      stamp = before;
      return { sigma, atr };
    },
    readSources: () =>
      sourcesFile === undefined
        ? Promise.resolve(parseSources(''))
        : readSource({ name: sourcesFile, read: () => readFile(sourcesFile, 'utf8') }, parseSources),
    firesForMs: config.securityEventForMs,
    tooOldMs: config.giveUpAfterMs,
    clock,
    logger,
    taken(loaded) {
      figures.loaded(loaded);
      const { set, sources } = loaded;
      logger.info(
        { rules: set.running.size, refused: set.refused.length, topics: [...sources.keys()] },
        'rules over events are in force',
      );
      taken(loaded);
    },
    choked(rule, { mapping, source, id }, error) {
      figures.choked.inc({ rule });
      logger.warn({ err: error, rule, topic: mapping.topic, source, id }, 'a rule failed on an event; the others were asked');
    },
  });
  const reload = async (): Promise<LoadedRules> => {
    try {
      const loaded = await inForce.reload();
      figures.reloaded(true, loaded.loadedAtMs);
      return loaded;
    } catch (error) {
      figures.reloaded(false, clock());
      throw error;
    }
  };
  figures.reloaded(true, inForce.last().atMs);
  const watching = watchFor({
    folders: [...folders, ...atrFolders],
    look: async () => {
      if ((await stampNow()) === stamp) return false;
      await reload();
      return true;
    },
    // A reading that was not taken has said so itself.
    failed(error) {
      if (!(error instanceof Problem)) logger.warn({ err: error }, 'rules cannot be looked at');
    },
    pollEveryMs,
  });
  return {
    ...inForce,
    reload,
    topics: () => [...inForce.current().sources.keys()],
    observed({ hits: found, lost }) {
      for (const { hit } of found) if (isAlert(hit)) figures.hits.inc({ kind: hit.rule.kind });
      for (const [rule, count] of lost) figures.lost.inc({ rule }, count);
    },
    close: watching.close,
  };
}

/** The package's folder has its rules below `rules`, beside other YAML. */
async function atrFolder(folder: string): Promise<string> {
  const inner = join(folder, 'rules');
  return await access(inner).then(
    () => inner,
    () => folder,
  );
}

interface Watching {
  readonly folders: readonly string[];
  /** @returns whether anything was read anew */
  readonly look: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
  readonly pollEveryMs: number;
}

/** Looks soon after something is heard of the folders, and every so often in any case. */
function watchFor({ folders, look, failed, pollEveryMs }: Watching): { close(): Promise<void> } {
  let soon: NodeJS.Timeout | undefined;
  let watchers: { close(): void } | undefined;
  let looking: Promise<unknown> = Promise.resolve();
  const state = { closed: false };
  const watchAnew = async (): Promise<void> => {
    const next = await watchFolders(folders, () => {
      clearTimeout(soon);
      soon = setTimeout(() => void lookNow(), debounceMs);
    });
    watchers?.close();
    watchers = next;
    if (state.closed) next.close();
  };
  const lookNow = (): Promise<unknown> => {
    looking = looking
      .then(async () => {
        if (!state.closed && (await look())) await watchAnew();
      })
      .catch(failed);
    return looking;
  };
  const polling = repeatedly(lookNow, { everyMs: pollEveryMs, failed });
  void watchAnew().catch(failed);
  return {
    async close() {
      state.closed = true;
      clearTimeout(soon);
      watchers?.close();
      await polling.close();
      await looking;
    },
  };
}

function figuresOf(metrics: Metrics) {
  const rules = metrics.gauge('tmws_alerting_rules', 'rules that run', ['kind']);
  const refused = metrics.gauge('tmws_alerting_rules_refused', 'rules that do not run, because they are faulty');
  const ok = metrics.gauge('tmws_alerting_rules_last_reload_successful', 'whether the last reading of the rules was taken');
  const at = metrics.gauge('tmws_alerting_rules_last_reload_timestamp_seconds', 'when the rules were read last, taken or not');
  return {
    hits: metrics.counter('tmws_alerting_rule_hits_total', 'events that rules hit, and correlations that were completed', [
      'kind',
    ]),
    lost: metrics.counter(
      'tmws_alerting_rule_events_lost_total',
      'events a correlation or preset could not count: too late, or too many',
      ['rule'],
    ),
    choked: metrics.counter('tmws_alerting_rule_failures_total', 'events that a rule failed on', ['rule']),
    loaded({ set }: LoadedRules): void {
      const running = [...set.running.values()];
      for (const kind of ruleKinds) rules.set({ kind }, running.filter((each) => each.kind === kind).length);
      refused.set(set.refused.length);
    },
    reloaded(taken: boolean, atMs: number): void {
      ok.set(taken ? 1 : 0);
      at.set(atMs / 1000);
    },
  };
}
