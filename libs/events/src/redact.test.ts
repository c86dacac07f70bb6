import fc from 'fast-check';
import { isTellingKey, redactText, redactValue } from './redact.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

describe('texts', () => {
  test.each([
    ['Authorization: Bearer abcdef1234567890', 'Authorization: Bearer [redacted]'],
    ['authorization: Basic dXNlcjpwYXNzd29yZA==', 'authorization: Basic [redacted]'],
    ['curl -H "Authorization: Bearer aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"', 'curl -H "Authorization: Bearer [redacted]"'],
    ['note Bearer abcdefghijklmnop', 'note Bearer [redacted]'],
    ['-H "authorization: token abc"', '-H "authorization: token [redacted]"'],
    ['key sk-proj-abcDEF1234567890abcd!', 'key [redacted]!'],
    ['sk_live_abcdefghij1234', '[redacted]'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    [`ghp_${'a1'.repeat(18)}`, '[redacted]'],
    [`github_pat_${'a1'.repeat(20)}`, '[redacted]'],
    ['glpat-abcdefghij0123456789', '[redacted]'],
    ['xoxb-1234567890-abcdef', '[redacted]'],
    [`AIza${'a'.repeat(35)}`, '[redacted]'],
    [`npm_${'a'.repeat(36)}`, '[redacted]'],
    [`got ${jwt} from it`, 'got [redacted] from it'],
    [`--token -${jwt}`, '--token -[redacted]'],
    [`-----BEGIN PRIVATE KEY-----a-----END PRIVATE KEY-----${jwt}`, '[redacted][redacted]'],
    ['postgres://user:hunter2@db:5432/x', 'postgres://user:[redacted]@db:5432/x'],
    ['redis://:hunter2@cache/0', 'redis://:[redacted]@cache/0'],
    ['https://x.example/a?b=1&token=abcdefgh12&c=2', 'https://x.example/a?b=1&token=[redacted]&c=2'],
    ['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX', 'https://hooks.slack.com/services/[redacted]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nabc\n-----END RSA PRIVATE KEY----- after', '[redacted] after'],
    ['cut off: -----BEGIN PRIVATE KEY-----\nMIIabc', 'cut off: [redacted]'],
    ['password=hunter2', 'password=[redacted]'],
    ['Password: hunter2, next', 'Password: [redacted], next'],
    ['DB_PASSWORD=hunter2 PORT=1', 'DB_PASSWORD=[redacted] PORT=1'],
    ['dbPassword=hunter2', 'dbPassword=[redacted]'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
    ['OPENAI_API_KEY = abc123', 'OPENAI_API_KEY = [redacted]'],
    ['client_secret: "it has three words"', 'client_secret: "[redacted]"'],
    ['{"password":"hunter2","n":1}', '{"password":"[redacted]","n":1}'],
    ['{"Authorization": "whatever it is"}', '{"Authorization": "[redacted]"}'],
    ['{"token":"a\\"b","cookie":"c"}', '{"token":"[redacted]","cookie":"[redacted]"}'],
    ['{"body":"{\\"api_key\\":\\"abc123\\"}"}', '{"body":"{\\"api_key\\":\\"[redacted]\\"}"}'],
  ])('%s keeps no credential', (text, kept) => {
    expect(redactText(text)).toBe(kept);
  });

  test.each([
    'used 1834 tokens, max_tokens=4096, "total_tokens": 12',
    'the token budget: tokens: 1834',
    '{"tokens":"1834","tokenizer":"cl100k","next_page":"abc","keyword":"x","monkey":"banana"}',
    'Basic information about bearer certificates',
    'a basic understanding, the bearer acknowledges',
    'reset your password at https://x.example/reset?user=1',
    'risk-assessment-of-the-quarterly-report and task-management-system-two',
    'https://x.example:8080/path@2x.png and mailto:me@x.example',
    'the secret of success is a key insight',
    'eyJ is how these begin; see RFC 7519',
    's3://bucket/key?versionId=abc123abc123',
    'signature verification: ok',
    'the primary key: id',
  ])('%s has none and stays as it is', (text) => {
    expect(redactText(text)).toBe(text);
  });

  test('what a store cannot keep becomes a replacement character', () => {
    expect(redactText('a\0b\ud800c')).toBe('a\ufffdb\ufffdc');
    expect(redactText('a\0 password=hunter2')).toBe('a\ufffd password=[redacted]');
  });

  test('redacting what was redacted changes nothing', () => {
    const piece = fc.constantFrom(
      ...[
        'Bearer ',
        'Basic ',
        'password',
        'secret',
        'api_key',
        'token',
        '=',
        ': ',
        '"',
        '\\"',
        "'",
        ' ',
        '\n',
        '\\',
        ',',
        '&',
        '?',
        '@',
      ],
      ...[
        '://u:',
        'a1b2c3d4e5',
        'aaaaaaaaaaaaaaaaaaaaaaaa',
        'aB',
        '[redacted]',
        jwt,
        'sk-',
        'AKIAIOSFODNN7EXAMPLE',
        '{',
        '}',
        'é',
        '🦊',
      ],
      ...['-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', 'access_token', 'pwd', '?token=', 'ghp_', '-', '_', '.'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const once = redactText(pieces.join(''));
        expect(redactText(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['-eyJ', '-eyJ'],
    ['-eyJaaaaaaaa', '-eyJaaaaaaaa'],
    ['eyJaaaaaaaa.', 'eyJaaaaaaaa.'],
    ['Bearer ', 'Bearer '],
    ['Bearer a', 'Bearer a'],
    ['basic aaaaaaa', 'basic aaaaaaa'],
    ['white space', ' \t'],
    ['://', '://'],
    ['://a:', '://a:'],
    ['password ', 'password '],
    ['password=', 'password='],
    ['password="', 'password="'],
    ['-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----'],
    ['-----BEGIN A', '-----BEGIN A'],
    ['"a":"', '"a":"'],
    ['"token":"\\', '"token":"\\'],
    ['quotes', '"'],
    ['"a ', '"a '],
    ['backslashes', '\\'],
    ['password\\', 'password\\'],
    ['sk-', 'sk-'],
    ['one letter', 'a'],
    ['xoxb', 'xoxb-'],
    ['?token=', '?token='],
  ])('a megabyte of %s takes no long time', (_name, piece) => {
    const hostile = piece.repeat(Math.ceil((1024 * 1024) / piece.length));
    for (const text of [hostile, `key ${hostile}`, `${hostile}\n"password`]) {
      const beganMs = performance.now();
      redactText(text);
      expect(performance.now() - beganMs).toBeLessThan(2000);
    }
  });
});

describe('values', () => {
  test.each([
    ...[
      'password',
      'dbPassword',
      'DB_PASSWORD',
      'passphrase',
      'client_secret',
      'apiKey',
      'x-api-key',
      'OPENAI_API_KEY',
      'accessKey',
    ],
    ...[
      'aws_secret_access_key',
      'Authorization',
      'Proxy-Authorization',
      'cookie',
      'Set-Cookie',
      'token',
      'access_token',
      'refreshToken',
    ],
    ...['idToken', 'api_token', 'github_token', 'credentials', 'private_key', 'connectionString', 'pwd'],
  ])('the key %s tells a credential', (key) => {
    expect(isTellingKey(key)).toBe(true);
    expect(redactValue({ [key]: 'x' })).toEqual({ [key]: '[redacted]' });
  });

  test.each([
    ...[
      'tokens',
      'maxTokens',
      'token_count',
      'promptTokens',
      'tokenizer',
      'next_token',
      'pageToken',
      'key',
      'keyword',
      'publicKey',
    ],
    ...['passwordless', 'secretary', 'author', 'cookies', 'partition_key', 'id', 'stopToken', 'bearer'],
  ])('the key %s does not', (key) => {
    expect(isTellingKey(key)).toBe(false);
  });

  test('credentials are replaced at any depth, also whole objects; flags, counts and null stay', () => {
    expect(
      redactValue({
        a: [{ password: 'x' }, { credentials: { user: 'u', n: [1] } }],
        isSecret: true,
        token: 5,
        pin: { password: 1234 },
        secret: null,
        text: 'Bearer abcdef1234567890',
      }),
    ).toEqual({
      a: [{ password: '[redacted]' }, { credentials: '[redacted]' }],
      isSecret: true,
      token: 5,
      pin: { password: '[redacted]' },
      secret: null,
      text: 'Bearer [redacted]',
    });
  });

  test('keys are texts too, and one called __proto__ is a key like others', () => {
    const kept = redactValue(JSON.parse('{"Bearer abcdef1234567890":1,"__proto__":{"password":"x"}}'));
    expect(JSON.stringify(kept)).toBe('{"Bearer [redacted]":1,"__proto__":{"password":"[redacted]"}}');
    expect(({} as Record<string, unknown>)['password']).toBeUndefined();
  });

  test('what lies deeper than 64 levels is cut off', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100; level++) deep = { deep };
    const text = JSON.stringify(redactValue(deep));
    expect(text.split('deep"').length - 1).toBe(65);
    expect(text).toContain('"[too deep]"');
  });

  test('redacting what was redacted changes nothing, and no telling key keeps a text', () => {
    const key = fc.constantFrom('password', 'token', 'a', 'items', 'apiKey', '__proto__');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(key, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const once = redactValue(value);
        expect(redactValue(once)).toEqual(once);
        JSON.stringify(once, (name, inner: unknown) => {
          if (isTellingKey(name) && typeof inner === 'string') expect(inner).toBe('[redacted]');
          return inner;
        });
      }),
    );
  });
});
