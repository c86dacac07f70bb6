// kcat (librdkafka) against the broker, as a user types it. `TMWS_TEST_KCAT` names the program, else it is on the PATH.
import { spawn } from 'node:child_process';
import { eventually } from '@tmws/testkit';
import { startBroker, type TestBroker } from './fixture.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
});

afterEach(() => broker[Symbol.asyncDispose]());

/** Runs kcat with these words and this input; what it printed. It must end well. */
async function kcat(words: string, input = ''): Promise<string> {
  const child = spawn(process.env['TMWS_TEST_KCAT'] ?? 'kcat', ['-b', `127.0.0.1:${broker.port}`, ...words.split(' ')]);
  child.stdin.end(input);
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  expect([words, code, code === 0 ? '' : errors]).toEqual([words, 0, '']);
  return out;
}

test('kcat signs in with SASL/PLAIN, and is told when the password is wrong', async () => {
  await broker[Symbol.asyncDispose]();
  const signIn = ({ secret }: { secret: string }) =>
    Promise.resolve(secret === 'sesame' ? {} : 'the credential is not good here');
  broker = await startBroker({ access: { signIn } });
  await broker.log.createTopic('t', { partitions: 1 });
  const sasl = '-X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=PLAIN -X sasl.username=any -X sasl.password=';
  await kcat(`-P -t t ${sasl}sesame`, numbers(10));
  expect(await kcat(`-C -t t -e -q ${sasl}sesame`)).toBe(numbers(10));
  const wrong = spawn(process.env['TMWS_TEST_KCAT'] ?? 'kcat', [
    ...`-b 127.0.0.1:${broker.port} -L -m 3 ${sasl}barley`.split(' '),
  ]);
  let errors = '';
  wrong.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  expect(await new Promise((resolve) => wrong.once('close', resolve))).not.toBe(0);
  expect(errors).toContain('the credential is not good here');
});

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join('');

test.each(['', ' -z gzip', ' -z snappy', ' -z lz4', ' -z zstd', ' -X enable.idempotence=true', ' -X acks=1', ' -X acks=0'])(
  'lines produced with kcat%s come back in order',
  async (options) => {
    await broker.log.createTopic('t', { partitions: 1 });
    await kcat(`-P -t t${options}`, numbers(2000));
    await eventually(() => broker.log.partition('t', 0)!.endOffset === 2000);
    expect(await kcat('-C -t t -e -q -X check.crcs=true')).toBe(numbers(2000));
  },
);

test('a group reads every line once and goes on where it was', async () => {
  await broker.log.createTopic('t', { partitions: 3 });
  await kcat('-P -t t', numbers(500));
  const read = async (): Promise<number> => (await kcat('-G g -X auto.offset.reset=earliest -e -q t')).split('\n').length - 1;
  expect(await read()).toBe(500);
  expect(await read()).toBe(0);
  await kcat('-P -t t', numbers(7));
  expect(await read()).toBe(7);
});

test('keys, headers and timestamps come back, and offsets are found by timestamp', async () => {
  await broker.log.createTopic('t', { partitions: 1 });
  await kcat('-P -t t -K : -H a=1 -H b=2', 'k:v\n');
  expect(await kcat('-C -t t -e -q -f %k|%s|%h|%o')).toBe('k|v|a=1,b=2|0');
  expect(await kcat('-Q -t t:0:1')).toContain('t [0] offset 0');
});

test('the cluster and its topics are listed', async () => {
  await broker.log.createTopic('t', { partitions: 2 });
  const listing = await kcat('-L');
  expect(listing).toContain(`broker 1 at 127.0.0.1:${broker.port} (controller)`);
  expect(listing).toContain('topic "t" with 2 partitions');
});
