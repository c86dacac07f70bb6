// A bill of materials in CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/
import { createHash } from 'node:crypto';
import type { LockedPackage, Needed } from './lockfile.ts';

export interface BillOptions {
  /** Image or package: `tmws/gateway`. */
  readonly name: string;
  readonly version: string;
  readonly kind: 'container' | 'application';
  /** SPDX expression or free text of a package's manifest, where it is known. */
  readonly licenseOf: (name: string, version: string) => string | undefined;
  /** Version of Node in it, if there is one. */
  readonly node?: string;
  /** Seconds since the epoch: only then it has a time. */
  readonly sourceDateEpoch?: number;
}

/**
 * The bill as JSON text.
 *
 *   S1  the same lockfile and options give the same bytes: its serial number is made of its content
 *   S2  every `ref` and `dependsOn` names a component of it
 */
export function billOfMaterials({ packages, direct }: Needed, options: BillOptions): string {
  const { name, version, kind, node, sourceDateEpoch } = options;
  const root = `pkg:generic/${encodeURIComponent(name)}@${version}`;
  const runtime = node === undefined ? [] : [nodeComponent(node)];
  const refs = new Map(packages.map((each) => [`${each.name}@${each.version}`, purl(each)]));
  const refsOf = (keys: readonly string[]): string[] => keys.flatMap((key) => refs.get(key) ?? []);
  const bill = {
    metadata: {
      ...(sourceDateEpoch !== undefined && { timestamp: new Date(sourceDateEpoch * 1000).toISOString() }),
      lifecycles: [{ phase: 'build' }],
      component: { type: kind, 'bom-ref': root, name, version, licenses: [{ license: { id: 'Apache-2.0' } }] },
    },
    components: [...runtime, ...packages.map((each) => component(each, options.licenseOf(each.name, each.version)))],
    dependencies: [
      { ref: root, dependsOn: [...runtime.map((each) => each['bom-ref']), ...refsOf(direct)] },
      ...runtime.map((each) => ({ ref: each['bom-ref'], dependsOn: [] as string[] })),
      ...packages.map((each) => ({ ref: purl(each), dependsOn: refsOf(each.needs) })),
    ],
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(bill))}`;
  const whole = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber,
    version: 1,
    ...bill,
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

const nodeComponent = (version: string) => ({
  type: 'platform',
  'bom-ref': `pkg:generic/node@${version}`,
  name: 'node',
  version,
  purl: `pkg:generic/node@${version}`,
  licenses: [{ license: { id: 'MIT' } }],
});

function component(each: LockedPackage, license: string | undefined) {
  const [scope, base] = each.name.startsWith('@') ? each.name.split('/') : [undefined, each.name];
  return {
    type: 'library',
    'bom-ref': purl(each),
    ...(scope !== undefined && { group: scope }),
    name: base,
    version: each.version,
    ...(each.integrity !== undefined && { hashes: [hashOf(each.integrity)] }),
    ...(license !== undefined && { licenses: licensesOf(license) }),
    purl: purl(each),
    ...(each.patched && { pedigree: { notes: 'patched by patches/ of the workspace' } }),
  };
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
export const purl = ({ name, version }: { name: string; version: string }): string =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;

/** @param integrity  Subresource Integrity: `sha512-` and base64 */
function hashOf(integrity: string): { alg: string; content: string } {
  const [, algorithm = '', digest = ''] = /^sha(1|256|384|512)-(\S+)$/.exec(integrity) ?? [];
  if (digest === '') throw new Error(`pnpm-lock.yaml has the integrity ${JSON.stringify(integrity)}; known are sha1 to sha512`);
  return { alg: `SHA-${algorithm}`, content: Buffer.from(digest, 'base64').toString('hex') };
}

/** An SPDX id is told as one, several as an expression, anything else by its name. */
function licensesOf(text: string): object[] {
  if (/^[A-Za-z0-9.+-]+$/.test(text) && !/^(SEE|UNLICENSED)/.test(text)) return [{ license: { id: text } }];
  if (/^[A-Za-z0-9.+() -]+$/.test(text) && / (OR|AND|WITH) /.test(text)) return [{ expression: text }];
  return [{ license: { name: text } }];
}

/** Version 8 (RFC 9562): of content. */
function uuidOf(content: string): string {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
