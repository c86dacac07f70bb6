import { join } from 'node:path';
import { unpackDebian } from './debian.ts';

export interface PrometheusInstall {
  /** Paths of programs. */
  readonly prometheus: string;
  readonly amtool: string;
  /** Needs no library beyond libc, so it runs from where it was unpacked. */
  readonly promtool: string;
}

/** Debian's Prometheus and amtool, unpacked: installed they would start as services. */
export async function installPrometheus(cache: string): Promise<PrometheusInstall> {
  const packages = ['prometheus', 'prometheus-alertmanager'];
  try {
    const dir = await unpackDebian(cache, 'prometheus', packages, ['usr/bin/prometheus', 'usr/bin/amtool']);
    return {
      prometheus: join(dir, 'bin/prometheus'),
      amtool: join(dir, 'bin/amtool'),
      promtool: join(dir, 'usr/bin/promtool'),
    };
  } catch (cause) {
    throw new Error(
      `Prometheus could not be unpacked from Debian's packages ${packages.join(', ')}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}
