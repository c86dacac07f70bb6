// What is made of events and of their absence: the rules over the log, the dead-man switch and the heartbeat.
import type { EventBus } from '@tmws/events';
import { repeatedly } from '@tmws/lifecycle';
import { type Database, loadOffsets } from '@tmws/postgres';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { AlertingConfig } from './config.ts';
import type { Matcher } from './domain/matcher.ts';
import type { WatchRule } from './domain/policy.ts';
import type { Route } from './domain/route-tree.ts';
import { failedSignIns } from './domain/rules/failed-sign-ins.ts';
import { rateLimitViolated } from './domain/rules/rate-limit-violated.ts';
import { securityEvent } from './domain/rules/security-event.ts';
import { observedEvents, observedTopics } from './inbound/events.ts';
import type { RuleApi } from './inbound/grpc/rule-handlers.ts';
import type { Detection } from './open-detection.ts';
import { openTopicConsumer } from './outbound/topic-consumer.ts';
import { disputedForMs } from './domain/detection/severity-policy.ts';
import { corroboratedName } from './domain/detection/corroboration.ts';
import { builtInRules } from './domain/rules/built-in-rules.ts';
import { heartbeatPost } from './outbound/heartbeat-post.ts';
import { consumerGroup } from './outbound/postgres-alert-store.ts';
import { verdictReads } from './outbound/verdicts.ts';
import type { LedgerStore } from './ledger-ports.ts';
import type { AlertStore, Clock } from './ports.ts';
import type { Board } from './usecases/board.ts';
import { dispatcherKeepsUp, eventsAreTaken, heartbeat } from './usecases/heartbeat.ts';
import { listRules } from './usecases/list-rules.ts';
import { ruleHits, type RuleHits } from './usecases/rule-hits.ts';
import { type AnyRule, observeEvents } from './usecases/observe-events.ts';
import type { Derive } from './usecases/receive-alerts.ts';
import { tendRuleStates } from './usecases/tend-rule-states.ts';
import type { VerdictReads } from './verdict-ports.ts';
import { watchSilence } from './usecases/watch-silence.ts';

interface RulesOptions {
  readonly config: AlertingConfig;
  readonly db: Database;
  readonly schema: string;
  readonly events: EventBus;
  readonly store: AlertStore;
  readonly ledger: LedgerStore;
  readonly board: Board;
  readonly derive: Derive;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Records wait to be sent. */
  readonly toSend: () => void;
  readonly watches: () => readonly WatchRule[];
  /** Whether the configuration that was asked for is in force. */
  readonly configOk: () => boolean;
  readonly root: () => Route;
  /** Resolves when the topics of the catalog are there. */
  readonly topicsMade: Promise<unknown>;
  /** Alerts that match are told at once. */
  readonly bypass: () => readonly Matcher[];
}

/** Rules that are always there and give no hits: what they find is told by their alerts alone. */
const toldByAlerts: ReadonlySet<string> = new Set(['SecurityEvent', 'RateLimitViolated', corroboratedName]);
const tendEveryMs = 60_000;
const watchEveryMs = 2_000;
/** Longer than anything waits while a receiver or the store is slow for a moment. */
const dispatchPatienceMs = 30_000;

export interface OpenRules {
  /** What is to be closed, in the order to close it. */
  readonly closing: readonly { readonly name: string; readonly close: () => Promise<void> }[];
  /** Rules of folders; undefined: there are none. */
  readonly detection: Detection | undefined;
  /** What people see of rules. */
  readonly api: RuleApi;
}

/** Begins. @throws Problem `precondition` that names a folder or file of rules that cannot be read */
export async function openRules(options: RulesOptions): Promise<OpenRules> {
  const { config, db, schema, events, store, board, derive, clock, logger, metrics } = options;
  const rules = rulesOf(config);
  const made = metrics.counter('tmws_alerting_rule_alerts_total', 'alerts that rules began or said anew', ['rule']);
  const dropped = metrics.counter('tmws_alerting_rule_keys_dropped_total', 'keys forgotten because there were too many', [
    'rule',
  ]);
  const keys = metrics.gauge('tmws_alerting_rule_keys', 'keys that rules remember', ['rule']);
  const old = metrics.counter('tmws_alerting_events_too_old_total', 'events that raised nothing because they are too old', []);
  const { giveUpAfterMs: tooOldMs, ruleKeys: mostKeys } = config;
  const loadTaken = () => loadOffsets(db, schema, consumerGroup);
  const hits = ruleHits(clock);
  const state: { retake: () => void } = { retake: () => undefined };
  const detection =
    config.rulesDir === undefined && config.atrDir === undefined
      ? undefined
      : await (
          await import('./open-detection.ts')
        ).openDetection({ config, clock, logger, metrics, taken: () => state.retake() });
  const topics = (): readonly string[] => [...new Set([...observedTopics, ...(detection?.topics() ?? [])])];
  const observe = observeEvents({
    derive,
    rules,
    disputed: (writing, namespaces, nowMs) => writing.disputedRules(namespaces, nowMs - disputedForMs),
    tooOldMs,
    mostKeys,
    observed(what) {
      for (const [rule, count] of what.alerts) made.inc({ rule }, count);
      for (const [rule, count] of what.dropped) {
        dropped.inc({ rule }, count);
        logger.warn({ rule, keys: count, most: mostKeys }, 'a rule has more keys than ALERTING_RULE_KEYS and forgot the oldest');
      }
      old.inc({}, what.tooOld);
      for (const { namespace, hit, atMs } of what.hits) if (hit.candidate !== true) hits.add(namespace, hit.rule.id, atMs);
      for (const { namespace, rule } of what.said) if (toldByAlerts.has(rule)) hits.add(namespace, rule, clock());
      detection?.observed(what);
    },
  });
  const consumer = openTopicConsumer({
    ...{ events, topics, own: observedTopics, made: options.topicsMade, group: consumerGroup, loadOffsets: loadTaken, logger },
    ...observedEvents({ observe, detecting: detection, stored: options.toSend, clock, logger, metrics }),
  });
  state.retake = consumer.retake;
  const again = (everyMs: number, work: () => Promise<unknown>, what: string) =>
    repeatedly(work, { everyMs, failed: (error) => logger.warn({ err: error }, `${what}; it is tried again`) });
  const tended = (counts: ReadonlyMap<string, number>): void => counts.forEach((count, rule) => keys.set({ rule }, count));
  const tend = tendRuleStates({
    ...{ store, clock, tooOldMs, mostKeys, tended },
    rules: () => [...rules, ...(detection?.current().rules ?? [])],
    passing: (rule) => passingRules.test(rule),
  });
  const tending = again(
    tendEveryMs,
    async () => {
      await tend();
      // Silence is only known to be one while everything that came is taken.
      if (detection === undefined || !(await isTaken(events, loadTaken, consumer.taken()))) return;
      const { sources, rules: found } = detection.current();
      await observe.tick(found, new Set([...sources.values()].map(({ namespace }) => namespace)), tendEveryMs);
    },
    'what rules remember cannot be tidied',
  );
  const steadyMs = (): number => performance.now();
  const watching = again(
    watchEveryMs,
    watchSilence({ derive, board, clock, steadyMs, watches: options.watches }),
    'expected alerts cannot be looked for',
  );
  const beating = openHeartbeat(options, loadTaken);
  const closing = [
    ...(detection === undefined ? [] : [{ name: 'folders of rules', close: detection.close }]),
    { name: 'consumer', close: () => consumer.close() },
    { name: 'tidying of rules', close: tending.close },
    { name: 'watches', close: watching.close },
    ...(beating === undefined ? [] : [{ name: 'heartbeat', close: beating.close }]),
  ];
  const backtest: RuleApi['backtest'] = async function* (asked, call) {
    // Most processes never run one.
    const { openBacktest } = await import('./open-backtest.ts');
    tester ??= openBacktest({ ...options, always: rules, detection });
    yield* tester(asked, call);
  };
  let tester: RuleApi['backtest'];
  return {
    closing,
    detection,
    api: { ...apiOf(config, detection, () => topics(), verdictReads(db, schema), hits, clock), backtest },
  };
}

function apiOf(
  { failedSignIns: limit }: AlertingConfig,
  detection: Detection | undefined,
  topics: () => readonly string[],
  reads: VerdictReads,
  hits: RuleHits,
  clock: Clock,
): RuleApi {
  const always = builtInRules({ failedSignIns: limit !== 'off', detection: detection !== undefined });
  const running = () => new Map([...always.map((rule) => [rule.id, rule] as const), ...(detection?.current().set.running ?? [])]);
  return {
    rules: listRules({
      ...{ running, reads, clock, hits },
      textOf: (id) => detection?.current().set.textOf(id),
      casesOf: (id) => detection?.casesOf(id) ?? { count: 0, failed: [] },
    }),
    refused: () => detection?.current().set.refused ?? [],
    loadedAtMs: () => detection?.current().loadedAtMs,
    topics,
    reload: detection === undefined ? undefined : () => detection.reload(),
  };
}

/** Names of rules with what they look for: one that is changed leaves states behind. */
const passingRules = /^(?:correlation|preset) /;

/** Whether everything on these topics is taken. */
async function isTaken(
  events: EventBus,
  loadTaken: () => Promise<{ topic: string; partition: number; next: bigint }[]>,
  topics: readonly string[],
): Promise<boolean> {
  const taken = new Map((await loadTaken()).map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
  const logged = await Promise.all(
    topics.map(async (topic) => (await events.offsets(topic)).map((range) => ({ topic, ...range }))),
  );
  return logged.flat().every(({ topic, partition, first, next }) => next <= (taken.get(`${topic}/${partition}`) ?? first));
}

function rulesOf({ failedSignIns: limit, securityEventForMs, violationQuietMs }: AlertingConfig): AnyRule[] {
  return [
    ...(limit === 'off' ? [] : [failedSignIns(limit)]),
    securityEvent({ firesForMs: securityEventForMs }),
    rateLimitViolated({ quietMs: violationQuietMs }),
  ] as AnyRule[];
}

function openHeartbeat(
  { config, events, store, ledger, clock, logger, metrics, configOk }: RulesOptions,
  loadTaken: () => Promise<{ topic: string; partition: number; next: bigint }[]>,
) {
  if (config.heartbeatUrl === undefined) return undefined;
  const beats = metrics.counter('tmws_alerting_heartbeats_total', 'signs of life', ['result']);
  const state = (nowMs: number) => ({ rule: 'heartbeat', key: '', doc: '{}', seenMs: nowMs });
  const beat = heartbeat({
    checks: [
      { name: 'the store', ask: () => store.write(clock(), (to) => to.putRuleStates([state(clock())])).then(() => undefined) },
      { name: 'the dispatcher', ask: dispatcherKeepsUp(ledger.nextDueMs, clock, dispatchPatienceMs) },
      { name: 'the configuration', ask: () => Promise.resolve(configOk() ? undefined : 'the last reload failed') },
      {
        name: 'the log',
        ask: eventsAreTaken(async () => {
          const taken = new Map((await loadTaken()).map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
          const logged = await Promise.all(
            observedTopics.map(async (topic) => (await events.offsets(topic)).map((range) => ({ topic, ...range }))),
          );
          return logged.flat().map(({ topic, partition, first, next }) => {
            const name = `${topic}/${partition}`;
            return { partition: name, logged: next, taken: taken.get(name) ?? first };
          });
        }),
      },
    ],
    send: heartbeatPost(config.heartbeatUrl),
  });
  return repeatedly(
    async () => {
      const result = await beat();
      beats.inc({ result: result.beat });
      if (result.beat !== 'sent') logger.warn({ reason: result.reason }, `a heartbeat was ${result.beat}`);
    },
    {
      everyMs: config.heartbeatEveryMs,
      firstMs: Math.min(config.heartbeatEveryMs, 5_000),
      failed: (error) => logger.warn({ err: error }, 'a heartbeat failed'),
    },
  );
}
