import type { Context } from '../context.ts';
import { exitCodes } from '../failure.ts';
import { type Column, printList, printObject } from '../output.ts';
import { timeText } from '../time-text.ts';

/** A line of the audit, as the API gives it. */
interface Line {
  readonly seq: string;
  readonly at: string;
  readonly type: string;
  readonly principal: string;
  readonly sourceIp: string;
  readonly method: string;
  readonly reason: string;
  readonly namespace: string;
}

export interface AuditListOptions {
  readonly type?: string;
  readonly principal?: string;
  readonly ip?: string;
  readonly limit: number;
}

/** `tmws audit list`: who came, who was refused, what admins did; newest first. */
export async function auditList(context: Context, { type, principal, ip, limit }: AuditListOptions): Promise<void> {
  const { terminal, time } = context;
  const nowMs = terminal.nowMs();
  const items: Line[] = [];
  for (let cursor: string | undefined; items.length < limit && cursor !== '';) {
    const query = { type, principal, sourceIp: ip, limit: Math.min(500, limit - items.length), cursor };
    const page: { items: Line[]; nextCursor: string } = await context.client().get('/api/v1/audit', query);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  const columns: Column<Line>[] = [
    { title: 'SEQ', text: ({ seq }) => seq, align: 'right' },
    { title: 'AT', text: ({ at }) => timeText(at, time, nowMs) },
    { title: 'TYPE', text: ({ type: told }) => told.replace(/^tmws\./, '') },
    { title: 'WHO', text: (line) => line.principal || '-', shrinkTo: 12 },
    { title: 'FROM', text: ({ sourceIp }) => sourceIp || '-' },
    { title: 'WHAT', text: ({ method }) => method, shrinkTo: 16 },
    { title: 'REASON', text: ({ reason }) => reason, shrinkTo: 20 },
  ];
  await printList(context, columns, items);
}

interface Verdict {
  readonly whole: boolean;
  readonly rows: string;
  readonly begins?: { readonly seq: string; readonly droppedAt?: string };
  readonly broken?: { readonly seq: string; readonly reason: string };
  readonly headHash: string;
}

const droppedWords = (at: string | undefined): string =>
  `what was before was dropped ${at === undefined ? 'by retention, it is not said when' : `on ${at} by retention`}`;

/** `tmws audit verify`: whether each row is as it was written. @returns 1 when one is not */
export async function auditVerify(context: Context): Promise<number> {
  const verdict = await context.client().get<Verdict>('/api/v1/audit/verify');
  const { whole, rows, begins, broken, headHash } = verdict;
  await printObject(context, verdict, [
    ['audit', whole ? 'whole' : 'broken'],
    ['good rows', rows],
    ['begins at', begins === undefined ? '' : `${begins.seq}; ${droppedWords(begins.droppedAt)}`],
    ['first broken', broken?.seq ?? ''],
    ['why', broken?.reason ?? ''],
    ['head', headHash],
  ]);
  return whole ? exitCodes.done : exitCodes.failed;
}
