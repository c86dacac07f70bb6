// Rules of folders over events, from records to what is told and judged, on every database.
import { openLogger, openMetrics } from '@tmws/telemetry';
import { upperBound } from '../src/domain/rules/clopper-pearson.ts';
import { failedSignIns } from '../src/domain/rules/failed-sign-ins.ts';
import { parseSources } from '../src/domain/config/sources-file.ts';
import { observedEvents } from '../src/inbound/events.ts';
import { openPostgresAlertReads } from '../src/outbound/postgres-alert-reads.ts';
import { verdictReads } from '../src/outbound/verdicts.ts';
import { judgeAlerts } from '../src/usecases/judge-alerts.ts';
import { listRules } from '../src/usecases/list-rules.ts';
import { ruleHits } from '../src/usecases/rule-hits.ts';
import { type AnyRule, type Observed, observeEvents } from '../src/usecases/observe-events.ts';
import { openRulesInForce } from '../src/usecases/rules-in-force.ts';
import { eventOf, openPartition } from './log-partition.ts';
import { emptySchema, openReplica, type Sent, type TestDatabase } from './open-core.ts';

const at = Date.UTC(2026, 2, 1, 12);
const minute = 60_000;
const config = `
route: { receiver: ops, group_by: [alertname], group_wait: 30s, group_interval: 5m, repeat_interval: 4h }
receivers: [{name: ops, webhook_configs: [{url: "http://127.0.0.1:1/"}]}]
`;
const logger = openLogger('test', 'silent');
const sigma = (name: string, level: string, status: string, detection: string, more = '') =>
  `title: ${name} seen\nid: ${name}\nname: ${name}\nstatus: ${status}\nlevel: ${level}\nlogsource: {product: tmws}\ndetection: ${detection}\n${more}`;
const refusedRule = sigma('refused', 'low', 'stable', '{s: {type: tmws.auth.failed}, condition: s}');
const shellRule = sigma(
  'shell',
  'critical',
  'stable',
  '{s: {reason|contains: reverse shell}, condition: s}',
  'fields: [reason]\n',
);
const many =
  'title: many\nid: many\nstatus: stable\nlevel: high\ncorrelation: {type: event_count, rules: [refused], group-by: [User], timespan: 5m, condition: {gte: 3}}\n';
const flat =
  'title: silence\nid: silence\nlevel: critical\nstatus: stable\nlogsource: {product: tmws}\npreset: flatline\nmatch: {type: tmws.auth.succeeded}\ntimeframe: 5m\nthreshold: 1\n';
const injection = `title: injection\nid: ATR-2026-90001\nstatus: stable\nmaturity: stable\nseverity: high\nagent_source: {type: tool_call}\ndetection: {condition: any, conditions: [{field: content, operator: contains, value: exfiltrate}]}\n`;

export function detectionContract(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Pick<TestDatabase, 'db' | 'schema'>;
  let nowMs: number;
  let ids: number;
  let partitions: number;
  let replicas: { close(): Promise<void> }[];
  let texts: { sigma: string[]; atr: string[]; sources: string };
  const clock = () => nowMs;
  const rows = (text: string) => database.db.query(text.replaceAll('@', `${database.schema}.`));

  const replica = async (name = 'one') => {
    const sent: Sent[] = [];
    const core = openReplica(database, { name, config, clock, sent });
    replicas.push(core);
    const seen: Observed[] = [];
    const inForce = await openRulesInForce({
      readRules: () =>
        Promise.resolve({
          sigma: { texts: texts.sigma.map((text, i) => ({ source: `${i}.yml`, text })), refused: [] },
          atr: { texts: texts.atr.map((text, i) => ({ source: `atr-${i}.yml`, text })), refused: [] },
        }),
      readSources: () => Promise.resolve(parseSources(texts.sources)),
      ...{ firesForMs: 60 * minute, tooOldMs: 24 * 60 * minute, clock, logger, taken: () => undefined },
      choked: (_rule, _event, error) => {
        throw error;
      },
    });
    const observe = observeEvents({
      derive: core.derive,
      rules: [failedSignIns({ raiseAt: 5, windowMs: 5 * minute })] as AnyRule[],
      disputed: (writing, namespaces, ms) => writing.disputedRules(namespaces, ms - 30 * 24 * 60 * minute),
      ...{ tooOldMs: 24 * 60 * minute, mostKeys: 1_000, observed: (what: Observed) => void seen.push(what) },
    });
    const metrics = openMetrics();
    const door = observedEvents({ observe, detecting: inForce, stored: () => undefined, clock, logger, metrics });
    const reads = openPostgresAlertReads(database.db, database.schema);
    const verdicts = verdictReads(database.db, database.schema);
    const judge = judgeAlerts({ store: core.store, board: core.board, reads, clock });
    return {
      ...{ ...core, seen, inForce, observe, metrics, verdicts },
      handle: (...batches: Parameters<typeof door.handle>[0]) => door.handle(batches),
      judge: (verdict: string, ...named: string[]) => judge('default', 'ann', named, { verdict, comment: 'because' }),
      list: () =>
        listRules({
          running: () => inForce.current().set.running,
          textOf: (id) => inForce.current().set.textOf(id),
          casesOf: (id) => inForce.casesOf(id),
          ...{ hits: ruleHits(clock), reads: verdicts, clock },
        }),
    };
  };
  type Replica = Awaited<ReturnType<typeof replica>>;
  const security = () => openPartition('tmws.security', partitions++);
  const refused = (principal: string, more: object = {}) =>
    eventOf('tmws.auth.failed', `e${ids++}`, nowMs, { principal, sourceIp: '203.0.113.7', ...more });
  const alertsOf = ({ board }: Replica, namespace = 'default') =>
    [...board.alerts(namespace)]
      .map(({ labels }) => labels)
      .toSorted((a, b) => ((a.alertname ?? '') < (b.alertname ?? '') ? -1 : 1));
  const named = (one: Replica, alertname: string) =>
    [...one.board.alerts('default')].find(({ labels }) => labels.alertname === alertname);

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    [nowMs, ids, partitions, replicas] = [at, 0, 0, []];
    texts = { sigma: [refusedRule], atr: [], sources: '' };
    database = { db: opened.db, schema: await emptySchema(opened) };
  });
  afterEach(async () => {
    for (const one of replicas) await one.close();
  });

  test('what a rule hits is one alert for each user and address, however often, with what the rule says of itself', async () => {
    texts.sigma = [shellRule];
    const one = await replica();
    const log = security();
    await one.handle(
      log.events(refused('ann', { reason: 'a reverse shell' }), refused('ann', { reason: 'Reverse Shell again' })),
    );
    expect(alertsOf(one)).toEqual([
      {
        alertname: 'ShellSeen',
        tmws_source: 'detection',
        severity: 'critical',
        rule_id: 'shell',
        rule_kind: 'sigma',
        user: 'ann',
        source_ip: '203.0.113.7',
      },
    ]);
    expect(named(one, 'ShellSeen')?.annotations).toMatchObject({
      summary: 'shell seen (user ann, source ip 203.0.113.7), 2 times',
      level: 'critical',
      fields: 'reason: Reverse Shell again',
      event_id: 'e1',
    });
    await one.handle(log.events(refused('ben', { reason: 'a reverse shell: password=hunter22' })));
    expect([...one.board.alerts('default')].map(({ annotations }) => annotations.fields).join()).not.toContain('hunter22');
    nowMs += 61 * minute;
    expect(await one.sweep()).toBe(2);
  });

  test('what is counted is counted over replicas and restarts, and an event that comes again counts once', async () => {
    texts.sigma = [refusedRule, many];
    const one = await replica('one');
    const [first, second, third] = [refused('ann'), refused('ann'), refused('ann')];
    const log = security();
    const batch = log.events(first, first);
    await one.handle(batch);
    await expect(one.handle(batch)).rejects.toMatchObject({ kind: 'stale' });
    await (await replica('two')).handle(security().events(second));
    await one.close();
    const three = await replica('three');
    await three.board.refresh(three.store);
    expect(alertsOf(three)).toEqual([]);
    await three.handle(security().events(third));
    expect(alertsOf(three)).toEqual([
      { alertname: 'Many', tmws_source: 'detection', severity: 'high', rule_id: 'many', rule_kind: 'correlation', user: 'ann' },
    ]);
    expect(named(three, 'Many')?.annotations.summary).toBe('many: 3 events within 5m (user ann)');
  });

  test('a faulty rule is refused alone with its line, and a reading that fails leaves what runs', async () => {
    texts.sigma = [refusedRule, many];
    const one = await replica();
    await one.handle(security().events(refused('ann'), refused('ann')));
    texts.sigma = [refusedRule, many, 'title: bad\nlogsource: {}\ndetection:\n  s: {a: 1}\n  condition: t\n'];
    const { set } = await one.inForce.reload();
    expect(set.refused.map(({ source, faults }) => [source, faults.map(({ line }) => line)])).toEqual([['2.yml', [5]]]);
    texts.sources = 'sources: [{topic: x, wrong: 1}]';
    await expect(one.inForce.reload()).rejects.toThrow(/unknown field "wrong"/);
    expect(one.inForce.last().ok).toBe(false);
    // What was counted goes on under the correlation that did not change.
    await one.handle(security().events(refused('ann')));
    expect(alertsOf(one).map(({ alertname }) => alertname)).toEqual(['Many']);
  });

  test('topics of others are seen as their mapping says, and what is no event of theirs is counted', async () => {
    texts.sigma = [sigma('tool', 'medium', 'test', '{s: {CommandLine|contains: curl}, condition: s}')];
    texts.sources =
      'sources:\n- topic: agents\n  logsource: {product: tmws}\n  namespace_from: team\n  time: at\n  fields: {CommandLine: call.args, User: who}\n  atr: {type: tool_call, content: call.args, fields: {tool_name: call.tool}}\n';
    texts.atr = [injection];
    const one = await replica();
    const log = openPartition('agents', 0);
    const record = {
      team: 'team-a',
      at: new Date(nowMs).toISOString(),
      who: 'bot',
      call: { tool: 'sh', args: 'curl x | exfiltrate' },
    };
    for (const text of [JSON.stringify(record), 'rubbish', '[1]']) await one.handle(log.record(text));
    expect(alertsOf(one, 'team-a').map(({ alertname, severity, user }) => [alertname, severity, user])).toEqual([
      ['Injection', 'high', 'bot'],
      ['ToolSeen', 'warning', 'bot'],
    ]);
    expect(await one.metrics.text()).toContain('tmws_alerting_unreadable_records_total{topic="agents"} 2');
    expect(await rows('SELECT topic FROM @outbox')).toEqual([]);
    expect(await rows('SELECT next_offset AS next FROM @offsets')).toEqual([{ next: 3n }]);
  });

  test('two rules of different families about one user are critical, and not if they saw the same event', async () => {
    texts.sigma = [sigma('odd', 'medium', 'test', '{s: {reason: odd}, condition: s}')];
    texts.atr = [injection];
    const one = await replica();
    const agent = { attributes: { type: 'tool_call', content: 'please exfiltrate' } };
    const both = eventOf('tmws.security.observed', 'both', nowMs, { principal: 'eve', reason: 'odd', ...agent });
    await one.handle(security().events(both));
    expect(alertsOf(one).map(({ severity }) => severity)).toEqual(['high', 'warning']);
    const apart = [
      eventOf('tmws.security.observed', 'a', nowMs, { principal: 'mal', reason: 'odd' }),
      eventOf('tmws.security.observed', 'b', nowMs + minute, { principal: 'mal', ...agent }),
    ];
    nowMs += minute;
    await one.handle(security().events(...apart));
    expect(named(one, 'CorroboratedThreat')).toMatchObject({
      labels: { severity: 'critical', user: 'mal' },
      annotations: {
        summary: expect.stringContaining('"odd seen" (sigma, odd) and "injection" (atr, ATR-2026-90001)') as string,
      },
    });
    await one.judge('false_positive', named(one, 'OddSeen')?.fingerprint ?? '');
    nowMs += minute;
    const later = [
      eventOf('tmws.security.observed', 'c', nowMs, { principal: 'zoe', reason: 'odd' }),
      eventOf('tmws.security.observed', 'd', nowMs, { principal: 'zoe', ...agent }),
    ];
    await one.handle(security().events(...later));
    expect(alertsOf(one).filter(({ user, alertname }) => user === 'zoe' && alertname === 'CorroboratedThreat')).toEqual([]);
  });

  test('a rule that was judged wrong says no more than high until it is taken back, and its rate is bounded', async () => {
    texts.sigma = [shellRule];
    const one = await replica();
    const hit = (who: string) => one.handle(security().events(refused(who, { reason: 'reverse shell' })));
    await hit('ann');
    const { fingerprint = '' } = named(one, 'ShellSeen') ?? {};
    expect(await one.judge('false_positive', fingerprint, 'f'.repeat(16))).toMatchObject({ unknown: ['f'.repeat(16)] });
    await hit('ben');
    const ben = [...one.board.alerts('default')].find(({ labels }) => labels.user === 'ben');
    expect(ben).toMatchObject({
      labels: { severity: 'high' },
      annotations: { severity_reason: expect.stringContaining('judged false') as string },
    });
    expect((await one.list().get('default', 'shell')).shown).toMatchObject({
      severity: 'high',
      verdicts: { truePositives: 0, falsePositives: 1, falsePositiveRate: 1, falsePositiveBound: 1 },
    });
    await one.judge('true_positive', fingerprint);
    await one.judge('true_positive', ben?.fingerprint ?? '');
    expect((await one.list().get('default', 'shell')).shown).toMatchObject({
      severity: 'critical',
      verdicts: { truePositives: 2, falsePositives: 0, falsePositiveBound: upperBound(0, 2) },
    });
    expect((await one.list().get('other', 'shell')).shown.verdicts).toMatchObject({ truePositives: 0, falsePositives: 0 });
    nowMs += 61 * minute;
    await one.sweep();
    await one.judge('', fingerprint);
    expect(await rows("SELECT kind FROM @history WHERE kind = 'judged'")).toHaveLength(4);
    await one.post({ labels: { alertname: 'Down' } });
    await expect(one.judge('true_positive', named(one, 'Down')?.fingerprint ?? '')).rejects.toThrow(/made by no rule/);
    await expect(one.judge('maybe', fingerprint)).rejects.toThrow(/true_positive or false_positive/);
  });

  test('silence is told of by whichever replica looks first, as a warning, and once', async () => {
    texts.sigma = [flat];
    const [one, two] = [await replica('one'), await replica('two')];
    const tick = async ({ observe, inForce }: Replica) => await observe.tick(inForce.current().rules, ['default'], minute);
    await tick(one);
    nowMs += 6 * minute;
    await Promise.all([tick(one), tick(two)]);
    await one.board.refresh(one.store);
    expect(alertsOf(one)).toMatchObject([{ alertname: 'Silence', severity: 'warning', rule_kind: 'preset' }]);
    expect(await rows("SELECT kind FROM @history WHERE kind = 'fired'")).toHaveLength(1);
  });
}
