import { parseSources } from './sources-file.ts';
import { ConfigFaults } from './yaml-reading.ts';

test('every mistake of a sources file comes with its line and what would be right', () => {
  const text = `sources:
  - topic: tmws.alert
  - topic: a
    logsorce: {product: x}
    namespace: data.team
    atr: {content: data.text}
  - topic: a
    atr: [{type: thought, content: x}]
  - fields: {User: data.user}
`;
  let said = '';
  try {
    parseSources(text);
  } catch (error) {
    if (error instanceof ConfigFaults) said = error.message;
  }
  expect(said.split('\n').map((line) => line.slice(0, 70))).toEqual([
    expect.stringMatching(/^line 2: sources\[0\]\.topic: must be a topic/) as string,
    expect.stringMatching(/^line 4: sources\[1\]\.logsorce: unknown field/) as string,
    expect.stringMatching(/^line 5: sources\[1\]\.namespace: must be 1 to 63/) as string,
    expect.stringMatching(/^line 6: sources\[1\]\.atr: needs type or type_from/) as string,
    expect.stringMatching(/^line 7: sources\[2\]: the topic "a" stands twice/) as string,
    expect.stringMatching(/^line 8: sources\[2\]\.atr\[0\]\.type: must be one of/) as string,
    expect.stringMatching(/^line 9: sources\[3\]: needs topic/) as string,
  ]);
});

test('tmws.security is a source whatever the file says, and what the file says of it comes first', () => {
  expect(parseSources('').map(({ topic }) => topic)).toEqual(['tmws.security']);
  const [security, other] = parseSources('sources: [{topic: agents}, {topic: tmws.security, fields: {User: data.who}}]');
  expect(security?.fields.get('user')).toEqual(['data.who']);
  expect(security?.fields.get('source_ip')).toEqual(['data.sourceIp', 'data.source_ip']);
  expect(other).toMatchObject({ topic: 'agents', namespace: 'default' });
});
