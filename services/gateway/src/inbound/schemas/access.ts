import { roles, scopes } from '@tmws/auth';
import { z } from 'zod';

const time = (description: string) => z.string().meta({ format: 'date-time', description, examples: ['2026-03-01T12:00:00Z'] });
const namespaceName = /^(\*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/;
const namespaceList = z
  .array(z.string().regex(namespaceName, { error: 'must be a namespace, or * for all' }))
  .min(1, { error: 'must name a namespace, or * for all' })
  .max(100, { error: 'must be at most 100' })
  .meta({ description: '`*` is all of them', examples: [['team-a']] });

const rights = {
  scopes: z.array(z.enum(scopes)).meta({ examples: [['read', 'write']] }),
  namespaces: z.array(z.string()).meta({ description: '`*` is all of them', examples: [['team-a']] }),
};

export const apiKey = z
  .object({
    prefix: z.string().meta({ description: 'Names the key; no secret', examples: ['tmws_0f3a11aa'] }),
    name: z.string().meta({ examples: ['ci'] }),
    role: z.enum(roles).optional(),
    ...rights,
    createdAt: time('When it was made'),
    createdBy: z.string(),
    expiresAt: time('Absent: never').optional(),
    revokedAt: time('When it was ended').optional(),
    lastUsedAt: time('To the minute; absent: not yet').optional(),
  })
  .meta({ id: 'ApiKey' });

export const apiKeyList = z.object({ items: z.array(apiKey) }).meta({ id: 'ApiKeyList' });

export const newApiKeyRequest = z
  .strictObject(
    {
      name: z
        .string({ error: 'must be a text' })
        .regex(/^[\x20-\x7e]{1,80}$/, { error: 'must be 1 to 80 printable ASCII characters' })
        .meta({ examples: ['ci'] }),
      role: z.enum(roles, { error: `must be one of ${roles.join(', ')}` }).optional(),
      scopes: z
        .array(z.enum(scopes, { error: `must be some of ${scopes.join(', ')}` }))
        .min(1, { error: 'must name a scope' })
        .optional()
        .meta({ description: 'Instead of a role' }),
      namespaces: namespaceList.optional().meta({ description: 'Absent: `default`' }),
      expiresAt: z.iso
        .datetime({ offset: true, error: 'must be an RFC 3339 time' })
        .optional()
        .meta({ description: 'Absent: never' }),
    },
    { error: 'name, role, scopes, namespaces and expiresAt are taken' },
  )
  .meta({ id: 'NewApiKey' });

export const madeApiKey = z
  .object({ key: apiKey, secret: z.string().meta({ description: 'The whole key. Nobody can show it again' }) })
  .meta({ id: 'MadeApiKey' });

export const session = z
  .object({
    auth: z.enum(['on', 'off']).meta({ description: 'Whether who comes must say who they are' }),
    name: z.string().meta({ examples: ['ada'] }),
    by: z.enum(['anonymous', 'key', 'session', 'oidc', 'service', 'slack']).meta({ description: 'What vouches for the name' }),
    role: z.enum(roles).optional(),
    ...rights,
    expiresAt: time('When the credential or the session ends; a session that is used ends later').optional(),
    csrf: z.string().optional().meta({ description: 'Of a session: what `x-tmws-csrf` must say' }),
  })
  .meta({ id: 'Session' });

export const signInRequest = z
  .strictObject({ key: z.string({ error: 'must be a text' }).max(16_384).optional() }, { error: 'key is taken' })
  .meta({ id: 'SignIn', description: 'An API key; or none, with the credential in Authorization' });

export const auditRow = z
  .object({
    seq: z.string().meta({ description: '1 for the first there ever was; without gaps', examples: ['42'] }),
    at: time('When'),
    type: z.string().meta({ examples: ['tmws.auth.failed'] }),
    principal: z.string(),
    by: z.string(),
    credential: z.string().meta({ description: 'No secret: the prefix of a key' }),
    sourceIp: z.string(),
    userAgent: z.string(),
    method: z.string().meta({ examples: ['GET /api/v1/executions'] }),
    reason: z.string(),
    resource: z.string(),
    namespace: z.string(),
    times: z
      .number()
      .optional()
      .meta({
        description: 'How many refusals the row stands for, where they came too fast for a row each; absent: 1',
        examples: [1204],
      }),
    hash: z.string().meta({ description: 'SHA-256 over the hash of the row before and this row' }),
  })
  .meta({ id: 'AuditRow' });

export const auditPage = z.object({ items: z.array(auditRow), nextCursor: z.string() }).meta({ id: 'AuditPage' });

export const auditVerdict = z
  .object({
    whole: z.boolean(),
    rows: z.string().meta({ description: 'Rows that are as they were written, up to the first that is not', examples: ['1042'] }),
    begins: z
      .object({ seq: z.string(), droppedAt: time('When retention dropped rows last').optional() })
      .optional()
      .meta({ description: 'The first row that is kept; absent: the first there ever was' }),
    broken: z.object({ seq: z.string(), reason: z.string() }).optional().meta({ description: 'The first that is not' }),
    headHash: z.string().meta({ description: 'Of the last row: keep it elsewhere to see later that nothing was made anew' }),
  })
  .meta({ id: 'AuditVerdict' });
