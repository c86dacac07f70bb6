import { billOfMaterials, type BillOptions } from './cyclonedx.ts';
import { productionNeeds, readLockfile } from './lockfile.ts';

const lockfile = readLockfile(`
lockfileVersion: '9.0'
importers:
  .:
    devDependencies: { jest: { specifier: 'catalog:', version: 30.5.2 } }
  services/door:
    dependencies:
      '@tmws/events': { specifier: 'workspace:*', version: link:../../libs/events }
      esbuild: { specifier: 'catalog:', version: 0.28.2 }
    devDependencies: { fast-check: { specifier: 'catalog:', version: 4.10.2 } }
  libs/events:
    dependencies:
      '@bufbuild/protobuf': { specifier: 'catalog:', version: 2.17.0 }
      kafkajs: { specifier: 'catalog:', version: 2.2.4(patch_hash=01) }
      ajv: { specifier: 'catalog:', version: 8.0.0(peer@1.0.0) }
packages:
  '@bufbuild/protobuf@2.17.0': { resolution: { integrity: sha512-AAEC } }
  ajv@8.0.0: { resolution: { integrity: sha1-AAEC } }
  esbuild@0.28.2: { resolution: { integrity: sha512-AAEC } }
  fast-check@4.10.2: { resolution: { integrity: sha512-AAEC } }
  kafkajs@2.2.4: { resolution: { integrity: sha512-AAEC } }
  peer@1.0.0: { resolution: { integrity: sha512-AAEC } }
snapshots:
  '@bufbuild/protobuf@2.17.0': {}
  ajv@8.0.0(peer@1.0.0): { dependencies: { peer: 1.0.0 } }
  esbuild@0.28.2: {}
  fast-check@4.10.2: {}
  kafkajs@2.2.4(patch_hash=01): {}
  peer@1.0.0: {}
`);
const options: BillOptions = { name: 'tmws/door', version: '1.2.3', kind: 'container', licenseOf: () => 'MIT' };
const billOf = (given: Partial<BillOptions> = {}) =>
  billOfMaterials(productionNeeds(lockfile, 'services/door', ['esbuild']), { ...options, ...given });

interface Bill {
  metadata: { timestamp?: string };
  components: { purl: string; hashes: unknown; pedigree?: unknown }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

test('a bill has what a program and the libs it takes need in production, without what no image has', () => {
  const { components, dependencies } = JSON.parse(billOf()) as Bill;
  expect(components.map(({ purl }) => purl)).toEqual([
    'pkg:npm/%40bufbuild/protobuf@2.17.0',
    'pkg:npm/ajv@8.0.0',
    'pkg:npm/kafkajs@2.2.4',
    'pkg:npm/peer@1.0.0',
  ]);
  expect(components[1]?.hashes).toEqual([{ alg: 'SHA-1', content: '000102' }]);
  expect(components.map(({ pedigree }) => pedigree !== undefined)).toEqual([false, false, true, false]);
  expect(dependencies.slice(0, 3)).toEqual([
    {
      ref: 'pkg:generic/tmws%2Fdoor@1.2.3',
      dependsOn: ['pkg:npm/%40bufbuild/protobuf@2.17.0', 'pkg:npm/ajv@8.0.0', 'pkg:npm/kafkajs@2.2.4'],
    },
    { ref: 'pkg:npm/%40bufbuild/protobuf@2.17.0', dependsOn: [] },
    { ref: 'pkg:npm/ajv@8.0.0', dependsOn: ['pkg:npm/peer@1.0.0'] },
  ]);
});

test('S1: the same lockfile gives the same bill, another content another serial number; only a given time is told', () => {
  const serial = (bill: string) => /urn:uuid:[-0-9a-f]{36}/.exec(bill)?.[0];
  expect(billOf()).toBe(billOf());
  expect(serial(billOf())).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(serial(billOf({ version: '1.2.4' }))).not.toBe(serial(billOf()));
  expect((JSON.parse(billOf()) as Bill).metadata.timestamp).toBeUndefined();
  expect((JSON.parse(billOf({ sourceDateEpoch: 1_767_225_600 })) as Bill).metadata.timestamp).toBe('2026-01-01T00:00:00.000Z');
});

test('S2: whatever a component of a real bill needs is in it', () => {
  const { components, dependencies } = JSON.parse(
    billOfMaterials(productionNeeds(readLockfile(), 'services/fleet'), options),
  ) as Bill;
  const known = new Set(components.map(({ purl }) => purl));
  expect(known.size).toBeGreaterThan(100);
  expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !known.has(ref))).toEqual([]);
});

test('a lockfile of another version is refused rather than misread', () => {
  expect(() => readLockfile("lockfileVersion: '6.0'\n")).toThrow('pnpm-lock.yaml is of version 6.0');
});
