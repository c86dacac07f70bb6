import { accept, eventTypes, ownTypes, redactText } from './index.ts';
import type { CloudEvent } from './index.ts';

const event = (type: string, data: object, more: Partial<CloudEvent> = {}): CloudEvent =>
  ({
    id: 'e-1',
    source: '/my-app',
    type,
    timeNs: 0n,
    dataContentType: 'application/json',
    data: Buffer.from(JSON.stringify(data)),
    ...more,
  }) as CloudEvent;

test('what others saw lies on tmws.security, under who it is about', () => {
  const seen = { principal: 'alice', sourceIp: '203.0.113.7', reason: 'password guessed' };
  expect(accept(event('tmws.security.observed', seen))).toMatchObject({
    topic: 'tmws.security',
    event: { subject: 'alice' },
    payload: { case: 'security', value: seen },
  });
  expect(accept(event('tmws.security.observed', { sourceIp: '203.0.113.7' })).event.subject).toBe('203.0.113.7');
});

test('what is about nobody is refused, and so is another subject', () => {
  expect(() => accept(event('tmws.security.observed', {}))).toThrow('data.principal or data.sourceIp must say who it is about');
  expect(() => accept(event('tmws.security.observed', { principal: 'alice' }, { subject: 'bob' }))).toThrow(
    'subject is "bob" but data.principal is "alice"; they must be the same',
  );
});

test('only what others saw may be told by others', () => {
  const own = [...eventTypes]
    .filter(([type, { topic }]) => topic === 'tmws.security' && ownTypes.has(type))
    .map(([type]) => type);
  expect(own).toEqual([
    'tmws.auth.succeeded',
    'tmws.auth.failed',
    'tmws.auth.ended',
    'tmws.permission.denied',
    'tmws.admin.acted',
  ]);
});

test('a key of ours is no secret any more once it is kept; of a user agent the beginning is enough', () => {
  const key = `tmws_0f3a11aa_${'x'.repeat(43)}`;
  expect(redactText(`used ${key} there`)).toBe('used tmws_0f3a11aa_[redacted] there');
  const { payload } = accept(
    event('tmws.security.observed', {
      principal: 'alice',
      reason: key,
      userAgent: 'u'.repeat(1000),
      attributes: { password: 'x' },
    }),
  );
  expect(payload.value).toMatchObject({ reason: 'tmws_0f3a11aa_[redacted]', attributes: { password: '[redacted]' } });
  expect((payload.value as { userAgent: string }).userAgent).toHaveLength(256);
});
