// How a Kafka of the operator's own is spoken to: TLS, and who signs in.
import { readFile } from 'node:fs/promises';
import type { EventBusOptions } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { HostConfig } from './host-config.ts';

/**
 * What the settings ask for.
 *
 * @throws Problem `precondition` for settings that do not go together, or a file that cannot be read
 */
export async function kafkaAccess(config: HostConfig): Promise<Pick<EventBusOptions, 'signIn' | 'tls'>> {
  const { kafkaSasl: mechanism, kafkaUsername: username, kafkaPassword: password } = config;
  const signsIn = mechanism !== 'none';
  if (config.kafkaBrokers === undefined && (signsIn || config.kafkaTls === 'on'))
    throw new Problem(
      'precondition',
      'TMWS_KAFKA_SASL and TMWS_KAFKA_TLS are about a Kafka of your own: set TMWS_KAFKA_BROKERS too',
    );
  if (signsIn && (username === undefined || password === undefined)) {
    throw new Problem(
      'precondition',
      `TMWS_KAFKA_SASL is ${mechanism} and nobody is there to sign in: set TMWS_KAFKA_USERNAME and TMWS_KAFKA_PASSWORD_FILE`,
    );
  }
  if (!signsIn && (username ?? password) !== undefined) {
    throw new Problem(
      'precondition',
      'TMWS_KAFKA_USERNAME or TMWS_KAFKA_PASSWORD is set and TMWS_KAFKA_SASL is none: set it to plain, scram-sha-256 or scram-sha-512',
    );
  }
  return {
    ...(signsIn && { signIn: { mechanism, username: username ?? '', password: password ?? '' } }),
    ...(await tlsOf(config)),
  };
}

async function tlsOf({ kafkaTls, kafkaCaFile, kafkaCertFile, kafkaKeyFile }: HostConfig): Promise<Pick<EventBusOptions, 'tls'>> {
  if ((kafkaCertFile === undefined) !== (kafkaKeyFile === undefined))
    throw new Problem('precondition', 'TMWS_KAFKA_CERT_FILE and TMWS_KAFKA_KEY_FILE belong together: set both or neither');
  const files = { ca: kafkaCaFile, cert: kafkaCertFile, key: kafkaKeyFile };
  const set = Object.entries(files).filter((each): each is [keyof typeof files, string] => each[1] !== undefined);
  if (kafkaTls === 'off') {
    if (set.length === 0) return {};
    throw new Problem(
      'precondition',
      `TMWS_KAFKA_${(set[0]?.[0] ?? '').toUpperCase()}_FILE is set and TMWS_KAFKA_TLS is off: set it to on`,
    );
  }
  const read = set.map(async ([name, file]) => [name, await textOf(`TMWS_KAFKA_${name.toUpperCase()}_FILE`, file)] as const);
  return { tls: Object.fromEntries(await Promise.all(read)) };
}

async function textOf(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Problem(
      'precondition',
      `${setting}: ${JSON.stringify(file)} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      { cause: error },
    );
  }
}
