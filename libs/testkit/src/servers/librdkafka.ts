import { findProgram } from './debian.ts';
import { cacheDir, installOnce } from './cache.ts';
import { unpackWheel } from './pip.ts';

const wheel = 'confluent-kafka==2.16.1';

export type LibrdkafkaInstall = {
  /** Python 3.11, which the wheel is for. */
  readonly python: string;
  /** Folder to be named by PYTHONPATH, so that `import confluent_kafka` finds librdkafka. */
  readonly path: string;
};

/** Brings librdkafka with its Python binding into the cache; nothing is installed into Python itself. */
export async function installLibrdkafka(cache = cacheDir()): Promise<LibrdkafkaInstall> {
  try {
    const path = await installOnce(cache, `librdkafka-${wheel.replace('==', '-')}`, (into) => unpackWheel(wheel, into));
    const python = (await findProgram('python3.11')) ?? (await findProgram('python3'));
    if (python === undefined) throw new Error('there is no python3');
    return { python, path };
  } catch (cause) {
    throw new Error(`librdkafka could not be installed from the wheel ${wheel}: ${(cause as Error).message}`, { cause });
  }
}
