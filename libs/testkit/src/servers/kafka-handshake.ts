import { connect } from 'node:net';

/** Throws until the broker on this port of 127.0.0.1 answers ApiVersions and knows itself to be alive (Metadata lists it). */
export async function kafkaAnswers(port: number): Promise<void> {
  const [apiVersions, metadata] = await ask(port, [request(18, 0, 1), request(3, 1, 2, Buffer.from([255, 255, 255, 255]))]);
  const error = apiVersions!.readInt16BE(4);
  if (error !== 0) throw new Error(`ApiVersions was answered with error ${error}`);
  if (metadata!.readInt32BE(4) < 1) throw new Error('the broker does not list itself yet');
}

/** Header version 1 (kafka.apache.org/protocol: key, version, correlation id, client id), then the body. */
function request(key: number, version: number, correlation: number, body = Buffer.alloc(0)): Buffer {
  const client = Buffer.from('tmws-testkit');
  const head = Buffer.alloc(14);
  head.writeInt32BE(10 + client.length + body.length, 0);
  head.writeInt16BE(key, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(correlation, 8);
  head.writeInt16BE(client.length, 12);
  return Buffer.concat([head, client, body]);
}

/** @returns the answers from their correlation id on, in the order of the requests, which is Kafka's too */
function ask(port: number, requests: readonly Buffer[]): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answers: Buffer[] = [];
    let read = Buffer.alloc(0);
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve(answers);
      else reject(error);
    };
    socket.setTimeout(5000, () => end(new Error('no answer within 5 s')));
    socket.on('error', end).on('close', () => end(new Error('the connection was closed')));
    socket.on('connect', () => requests.forEach((each) => socket.write(each)));
    socket.on('data', (chunk) => {
      read = Buffer.concat([read, chunk]);
      while (read.length >= 4 && read.length >= 4 + read.readInt32BE(0)) {
        const size = read.readInt32BE(0);
        answers.push(read.subarray(4, 4 + size));
        read = read.subarray(4 + size);
      }
      if (answers.length === requests.length) end();
    });
  });
}
