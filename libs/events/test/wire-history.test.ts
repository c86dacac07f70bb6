// What any release has sent must be read for ever, with the same meaning. A file is never changed; a new form is a new file.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import { accept, type CloudEvent, eventTypes, fromHttp } from '../src/index.ts';

const dir = join(import.meta.dirname, '../../../protos/history');
const all = readdirSync(dir, { recursive: true, encoding: 'utf8' });
/** Structured CloudEvents with their data as JSON; beside each, `.protobuf.json`, the same with its data in protobuf. */
const files = all.filter((file) => file.endsWith('.json') && !file.endsWith('.protobuf.json'));

test('every message has a sample', () => {
  const messages = files.map(
    (file) => eventTypes.get((JSON.parse(readFileSync(join(dir, file), 'utf8')) as { type: string }).type)?.case,
  );
  expect(new Set(messages)).toEqual(new Set(['execution', 'step', 'reported', 'imported', 'security', 'traffic', 'alert']));
});

describe.each(files)('%s', (file) => {
  const body = readFileSync(join(dir, file));
  const sample = JSON.parse(body.toString()) as { type: string; subject: string; data: JsonValue };
  const { schema } = eventTypes.get(sample.type)!;

  const accepted = (request: Buffer) => {
    const [event] = fromHttp({ 'content-type': 'application/cloudevents+json' }, request, 0n).events;
    return accept(event as CloudEvent);
  };

  test('is accepted', () => {
    expect(accepted(body)).toMatchObject({ event: { type: sample.type, subject: sample.subject } });
    expect(file.startsWith(sample.type.replace('tmws.', ''))).toBe(true);
  });

  test('has no field that is not known any more, and all of them keep their names and values', () => {
    expect(toJson(schema, fromJson(schema, sample.data))).toEqual(sample.data);
  });

  test('means the same in the protobuf that was sent then, and in what is sent now', () => {
    const inProtobuf = accepted(readFileSync(join(dir, file.replace(/\.json$/, '.protobuf.json'))));
    expect(inProtobuf.payload).toEqual(accepted(body).payload);
    const message = fromJson(schema, sample.data);
    expect(fromBinary(schema, toBinary(schema, message))).toEqual(message);
  });
});
