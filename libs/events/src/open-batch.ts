import decode from 'kafkajs/src/protocol/recordBatch/v0/decoder.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import { Problem } from '@tmws/problems';
import type { CloudEvent } from './cloud-event.ts';
import { registerCodecs } from './codecs.ts';
import { incoming } from './incoming.ts';
import { fromRecord } from './kafka-binding.ts';

/**
 * The events of a record batch (v2) as a consumer will see them: by the code that it reads with. A record that is no event is a Problem.
 *
 * @throws Problem `invalid` for bytes that are no batch
 */
export async function openBatch(topic: string, batch: Buffer): Promise<(CloudEvent | Problem)[]> {
  registerCodecs();
  const { records } = await decode(new Decoder(batch)).catch((error: unknown) => {
    throw new Problem('invalid', 'the record batch cannot be read', { cause: error });
  });
  return records.map((record) => {
    try {
      return fromRecord(incoming(topic, 0, record));
    } catch (error) {
      return Problem.from(error);
    }
  });
}
