// What the ledger itself has to say after a crash: read from alerting's tables, whoever wrote them.
import pg from 'pg';

export interface LedgerRow {
  readonly id: string;
  readonly receiver: string;
  readonly integration: string;
  readonly status: 'pending' | 'sending' | 'sent' | 'dead' | 'superseded';
  readonly attempts: number;
  readonly error: string;
  readonly receipt: string;
  readonly firing: readonly string[];
  /** How long ago its lease ended, if it is being sent; below 0: it has not. */
  readonly pastLeaseMs: number;
}

export interface Ledger {
  /** Fingerprints of alerts that history says fired, by alert name. */
  readonly fired: ReadonlyMap<string, string>;
  /** Fingerprints that history says somebody was told of. */
  readonly notified: ReadonlySet<string>;
  readonly rows: readonly LedgerRow[];
  /** Events that wait for Kafka. */
  readonly outbox: number;
}

type Doc = { readonly labels?: { readonly alertname?: string } };

export async function readLedger(databaseUrl: string): Promise<Ledger> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const history = await client.query<{ kind: string; fingerprint: string; doc: string }>(
      "SELECT kind, fingerprint, doc FROM alerting.history WHERE kind IN ('fired', 'notified')",
    );
    const { rows } = await client.query<Omit<LedgerRow, 'firing'> & { firing: string }>(
      `SELECT id, receiver, integration, status, attempts, error, receipt, firing,
         coalesce(extract(epoch FROM now() - lease_until) * 1000, 0)::float8 AS "pastLeaseMs" FROM alerting.notifications`,
    );
    const outbox = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM alerting.outbox');
    const of = (wanted: string) => history.rows.filter(({ kind }) => kind === wanted);
    return {
      fired: new Map(of('fired').map(({ doc, fingerprint }) => [(JSON.parse(doc) as Doc).labels?.alertname ?? '', fingerprint])),
      notified: new Set(of('notified').map(({ fingerprint }) => fingerprint)),
      rows: rows.map((row) => ({ ...row, firing: row.firing.split(' ').filter((each) => each !== '') })),
      outbox: outbox.rows[0]?.count ?? 0,
    };
  } finally {
    await client.end();
  }
}

/** Nothing is on its way any more, to receivers or to Kafka. */
export const isQuiet = ({ rows, outbox }: Ledger): boolean =>
  outbox === 0 && rows.every(({ status }) => status !== 'pending' && status !== 'sending');

/** Taking what was left over is looked for each second. */
const leaseSlackMs = 10_000;

/**
 * What is broken of the promise, in words:
 *   L1  an alert that was accepted is in the history
 *   L2  it is told, or the ledger says why it is not
 *   L3  what was sent has a receipt
 *   L4  what is dead says why
 *   L5  nothing is being sent for longer than its lease
 *   L6  an alert that history calls told is in a message that was sent
 *
 * @param accepted  alert names
 */
export function faultsOf({ fired, notified, rows }: Ledger, accepted: Iterable<string>): string[] {
  const why = new Map<string, string>();
  const sent = new Set<string>();
  for (const { status, firing, error } of rows) {
    for (const fingerprint of firing) {
      if (status === 'sent') sent.add(fingerprint);
      else if (status !== 'superseded' && error !== '') why.set(fingerprint, error);
    }
  }
  const ofAlerts = [...accepted].flatMap((name) => {
    const fingerprint = fired.get(name);
    if (fingerprint === undefined) return [`${name} was accepted and is not in the history`];
    if (notified.has(fingerprint) || why.has(fingerprint)) return [];
    return [`${name} is neither told nor does the ledger say why not`];
  });
  const ofRows = rows.flatMap(({ id, receiver, integration, status, receipt, error, pastLeaseMs }) => {
    const about = `message ${id} to ${receiver} (${integration})`;
    if (status === 'sent' && receipt === '') return [`${about} was sent and has no receipt`];
    if (status === 'dead' && error === '') return [`${about} is dead and nothing says why`];
    if (status === 'sending' && pastLeaseMs > leaseSlackMs) return [`${about} is being sent ${pastLeaseMs} ms after its lease`];
    return [];
  });
  const unsent = [...notified].filter((fingerprint) => !sent.has(fingerprint));
  return [...ofAlerts, ...ofRows, ...unsent.map((each) => `${each} is called told and no message of it was sent`)];
}

export interface SecurityState {
  /** By user, how many failed sign-ins the rule counted while it fires. */
  readonly signIns: ReadonlyMap<string, number>;
  /** Records of tmws.security that lie below the offsets: taken, with all that came of them. */
  readonly taken: number;
}

/** What rules remember of tmws.security, and how far it is read. */
export async function readSecurityState(databaseUrl: string): Promise<SecurityState> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ key: string; doc: string }>(
      "SELECT key, doc FROM alerting.rule_states WHERE rule = 'FailedSignIns' AND key LIKE 'user %'",
    );
    const offsets = await client.query<{ taken: number }>(
      "SELECT coalesce(sum(next_offset), 0)::float8 AS taken FROM alerting.offsets WHERE topic = 'tmws.security'",
    );
    const countOf = (doc: string): number => (JSON.parse(doc) as { occurrence?: { count: number } }).occurrence?.count ?? 0;
    return {
      signIns: new Map(rows.map(({ key, doc }) => [key.replace(/^user /, ''), countOf(doc)])),
      taken: offsets.rows[0]?.taken ?? 0,
    };
  } finally {
    await client.end();
  }
}
