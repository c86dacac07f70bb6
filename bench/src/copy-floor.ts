// The least that storing can cost: the same rows by COPY straight into a table with a primary key, nothing else asked of it.
import type { Connection, Submittable } from 'pg';
import pg from 'pg';

const rowsAtOnce = 5000;

/** Copies `rows` rows of about what a step event amounts to. @returns seconds it took */
export async function copyFloor(url: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CREATE TABLE floor (execution_no bigint, seq bigint, doc jsonb, PRIMARY KEY (execution_no, seq))');
    const begin = performance.now();
    for (let at = 0; at < rows; at += rowsAtOnce) {
      const lines = Array.from({ length: rowsAtOnce }, (_, i) => `${(at + i) % 50}\t${at + i}\t${docOf(at + i)}\n`);
      await copyIn(client, 'COPY floor FROM STDIN', Buffer.from(lines.join('')));
    }
    return (performance.now() - begin) / 1000;
  } finally {
    await client.end();
  }
}

function docOf(n: number): string {
  return JSON.stringify({
    step: { stepId: `step-${n}`, path: ['plan', 'fan-out'] },
    name: `search the web ${n}`,
    kind: 'tool',
    startNs: String(1772323200000000000n + BigInt(n)),
    endNs: String(1772323201000000000n + BigInt(n)),
    resource: { pool: 'browser', worker: `w-${n % 8}` },
    usage: { cpuSeconds: 1.25, memoryBytes: '73400320', tokens: '1834', costUsd: 0.004 },
    data: { attributes: { model: 'm-1', n } },
  });
}

type CopyConnection = Connection & {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
};

function copyIn(client: pg.Client, text: string, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: Error | undefined;
    const copy = {
      submit: (connection: Connection) => connection.query(text),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(data);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleError(error: Error) {
        failed = error;
      },
      handleReadyForQuery() {
        if (failed === undefined) resolve();
        else reject(failed);
      },
    };
    client.query(copy as unknown as Submittable);
  });
}
