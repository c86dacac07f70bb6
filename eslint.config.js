// Lint: strict TypeScript, and the arrows of the house (who may import whom). That no imports go in a circle is in tools/house.test.ts.
import js from '@eslint/js';
import ts from 'typescript-eslint';

const pureLibs = ['@tmws/detection', '@tmws/duration', '@tmws/graph', '@tmws/anomaly', 're2js$', 'yaml$'];
const forbid = (patterns, message) => ({ 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] });
const services = [
  'alerting',
  'metrics',
  'rate-limit',
  'workflow-timeline',
  'task-graph',
  'learning',
  'memory',
  'gateway',
  'console',
  'fleet',
  'cli',
];
const anyService = services.map((name) => `@tmws/${name}`);

export default ts.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '**/coverage/**', '**/src/gen/**'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'erasable syntax only' },
        { selector: 'TSModuleDeclaration[declare!=true]', message: 'erasable syntax only' },
      ],
    },
  },
  // The domain is pure: it imports the domain and the pure libs. A folder of it may import another.
  ...[
    { files: ['services/*/src/domain/*.ts'], out: '\\.\\./' },
    { files: ['services/*/src/domain/*/*.ts'], out: '\\.\\./\\.\\./' },
  ].map(({ files, out }) => ({
    files,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(?!\\.{1,2}/)(?!node:crypto$)(?!${pureLibs.join('|')})`,
              message: 'the domain imports only the domain and the pure libs',
            },
            { regex: `^${out}`, message: 'the domain imports only the domain' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'Date', 'performance', 'crypto', 'fetch'],
    },
  })),
  {
    files: ['services/*/src/usecases/**/*.ts'],
    rules: forbid(['**/inbound/**', '**/outbound/**', '**/app.ts', ...anyService], 'use cases import the domain and ports'),
  },
  {
    files: ['services/*/src/inbound/**/*.ts'],
    rules: forbid(['**/outbound/**', '**/app.ts', ...anyService], 'inbound imports use cases and the domain'),
  },
  {
    files: ['services/*/src/outbound/**/*.ts'],
    rules: forbid(['**/inbound/**', '**/usecases/**', '**/app.ts', ...anyService], 'outbound imports ports and the domain'),
  },
  { files: ['libs/**/*.ts'], rules: forbid(anyService, 'libs know no service') },
  {
    files: services.filter((name) => name !== 'fleet').map((name) => `services/${name}/src/{*.ts,commands/**/*.ts}`),
    rules: forbid(anyService, 'services meet only through protos and topics'),
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    ...ts.configs.disableTypeChecked,
    languageOptions: { ...ts.configs.disableTypeChecked.languageOptions, globals: { process: 'readonly' } },
  },
  {
    files: [
      '**/test/**',
      '**/*.test.ts',
      'e2e/**',
      'bench/**',
      'tools/**',
      'charts/tests/**',
      'libs/testkit/**',
      'services/cli/**',
    ],
    rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
