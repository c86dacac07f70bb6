declare module 'lz4js' {
  const lz4: { decompress(bytes: Uint8Array, maxSize?: number): Uint8Array };
  export default lz4;
}
declare module 'snappyjs' {
  const snappy: { uncompress(bytes: Uint8Array, maxSize?: number): Uint8Array };
  export default snappy;
}
declare module 'kafkajs/src/protocol/decoder.js' {
  const Decoder: new (bytes: Buffer) => object;
  export default Decoder;
}
declare module 'kafkajs/src/protocol/recordBatch/v0/decoder.js' {
  import type { KafkaMessage } from 'kafkajs';
  export default function decode(from: object): Promise<{ records: KafkaMessage[] }>;
}
