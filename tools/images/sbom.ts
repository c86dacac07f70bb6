// `node tools/images/sbom.ts SERVICE [VERSION]`: the bill of materials of a service's image, CycloneDX 1.6 as JSON, on standard output.
// The same checkout gives the same bytes; with SOURCE_DATE_EPOCH (seconds since the epoch) it also has a time.
import { notInImages } from './bundle.ts';
import { billOfMaterials } from './cyclonedx.ts';
import { licenseIn } from './installed.ts';
import { nodeVersion, productionNeeds, readLockfile } from './lockfile.ts';
import { assertImageName, hasEmbeddedStores } from './services.ts';

const [service, version = '0.0.0'] = process.argv.slice(2);
try {
  assertImageName(service);
  const lockfile = readLockfile();
  const needed = productionNeeds(lockfile, `services/${service}`, notInImages(hasEmbeddedStores(service)));
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (epoch !== undefined && !/^\d+$/.test(epoch)) {
    throw new Error(`SOURCE_DATE_EPOCH must be seconds since the epoch, like 1767225600 (got ${JSON.stringify(epoch)})`);
  }
  process.stdout.write(
    billOfMaterials(needed, {
      name: `tmws/${service}`,
      version,
      kind: 'container',
      licenseOf: licenseIn,
      node: nodeVersion(lockfile),
      ...(epoch !== undefined && { sourceDateEpoch: Number(epoch) }),
    }),
  );
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
