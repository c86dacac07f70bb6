import { rfc3339 } from '@tmws/events';
import { z } from 'zod';
import type { Access } from '../usecases/access.ts';
import { accessOn, auditJson } from './access-json.ts';
import { limit, plain } from './parameters.ts';
import { readQuery } from './read-input.ts';
import type { Needs as RouteNeeds, Route } from './route.ts';
import { auditPage, auditVerdict } from './schemas/access.ts';
import { problems } from './schemas/problem.ts';

const tags = ['access'];
const needs: RouteNeeds = { scope: 'admin', everyNamespace: true };
const once = 'must be a text, given once';
const listQuery = z.strictObject(
  {
    limit: limit(100, 500),
    cursor: z
      .string({ error: once })
      .regex(/^\d{1,18}$/, { error: 'must be a nextCursor' })
      .optional()
      .meta({ description: '`nextCursor` of the page before', examples: ['942'] }),
    type: plain('Only events of these types, with commas between', 'tmws.auth.failed'),
    principal: plain('Only of this one', 'ada'),
    sourceIp: plain('Only from this address', '203.0.113.7'),
    namespace: plain('Only about this namespace; all if absent', 'team-a'),
  },
  { error: 'limit, cursor, type, principal, sourceIp and namespace are taken' },
);

/** Who came, who was refused, what admins did. */
export function auditRoutes({ access }: { access: Access | undefined }): Route[] {
  return [
    {
      method: 'get',
      path: '/api/v1/audit',
      needs,
      operation: {
        operationId: 'listAudit',
        summary: 'Sign-ins, refusals and what admins did, newest first',
        tags,
        requestParams: { query: listQuery },
        responses: {
          200: { description: 'A page', content: { 'application/json': { schema: auditPage } } },
          ...problems(400, 409, 503, 504),
        },
      },
      async handle(request, response) {
        const { limit: most = 100, cursor, type, ...rest } = readQuery(listQuery, request);
        const { audit } = accessOn(access);
        const rows = await audit.list({
          limit: most,
          before: cursor === undefined ? undefined : BigInt(cursor),
          types: (type ?? '').split(',').filter((word) => word !== ''),
          principal: rest.principal,
          sourceIp: rest.sourceIp,
          namespace: rest.namespace,
        });
        const nextCursor = rows.length === most ? String(rows.at(-1)?.seq ?? '') : '';
        response.json({ items: rows.map(auditJson), nextCursor });
      },
    },
    {
      method: 'get',
      path: '/api/v1/audit/verify',
      needs,
      operation: {
        operationId: 'verifyAudit',
        summary: 'Whether every row of the audit that is kept is as it was written, and none is missing',
        tags,
        responses: {
          200: { description: 'What was found', content: { 'application/json': { schema: auditVerdict } } },
          ...problems(409, 503, 504),
        },
      },
      async handle(_request, response) {
        const { rows, begins, broken, headHash } = await accessOn(access).audit.verify();
        response.json({
          whole: broken === undefined,
          rows: String(rows),
          ...(begins !== undefined && {
            begins: {
              seq: String(begins.seq),
              ...(begins.droppedNs !== undefined && { droppedAt: rfc3339(begins.droppedNs) }),
            },
          }),
          ...(broken !== undefined && { broken: { seq: String(broken.seq), reason: broken.reason } }),
          headHash: headHash.toString('hex'),
        });
      },
    },
  ];
}
