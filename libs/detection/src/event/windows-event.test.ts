import { readRules, sigmaDetector, sigmaView } from '../index.ts';

const { rules } = readRules([
  {
    source: 't',
    text:
      'title: t\nlogsource: {category: process_creation, product: windows}\n' +
      "detection:\n  s: {EventID: 1, CommandLine|contains: 'whoami'}\n  condition: s",
  },
]);
const found = (event: object): number => sigmaDetector(rules).detect(sigmaView(event)).length;
const channel = 'Microsoft-Windows-Sysmon/Operational';
const system = { EventID: 1, Channel: channel };
const line = 'cmd /c WHOAMI';

test.each<[string, object]>([
  ['evtx_dump', { Event: { System: { EventID: { '#text': 1 }, Channel: channel }, EventData: { CommandLine: line } } }],
  ['named data in a list', { Event: { System: system, EventData: { Data: [{ '@Name': 'CommandLine', '#text': line }] } } }],
  ['data in a list without its element', { Event: { System: system, EventData: [{ Name: 'CommandLine', '#text': line }] } }],
  [
    'one datum alone',
    { Event: { System: system, EventData: { Data: { '#attributes': { Name: 'CommandLine' }, '#text': line } } } },
  ],
  ['names and values', { Event: { System: system, EventData: { Data: [{ Name: 'CommandLine', Value: line }] } } }],
  ['underscored attributes', { Event: { System: system, EventData: { Data: [{ _Name: 'CommandLine', __text: line }] } } }],
  [
    'arrays all over',
    {
      Event: {
        System: [{ EventID: ['1'], Channel: [channel] }],
        EventData: [{ Data: [{ $: { Name: 'CommandLine' }, _: line }] }],
      },
    },
  ],
  ['Winlogbeat', { winlog: { event_id: '1', channel, event_data: { CommandLine: line } } }],
  ['Winlogbeat with dotted keys', { 'winlog.event_id': 1, 'winlog.channel': channel, 'winlog.event_data.CommandLine': line }],
  ['data beside the id', { event_id: 1, channel, event_data: { CommandLine: line } }],
  ['all fields at the top', { EventID: 1, Channel: channel, CommandLine: line }],
  ['fields at the top as Splunk names them', { EventCode: '1', LogName: channel, CommandLine: line }],
])('an event of the Windows event log is known as %s', (_shape, event) => {
  expect(found(event)).toBe(1);
  expect(sigmaView(event).logsource).toEqual({ product: ['windows'], service: ['sysmon'], category: ['process_creation'] });
});

test('Sysmon for Linux is of Linux, and what only looks a little like it is of nobody known', () => {
  const linux = { Event: { System: { EventID: 1, Channel: 'Linux-Sysmon/Operational' }, EventData: { CommandLine: line } } };
  expect(sigmaView(linux).logsource).toEqual({ product: ['linux'], service: ['sysmon'], category: ['process_creation'] });
  expect(found(linux)).toBe(0);
  expect(sigmaView({ event_id: 7, channel: '#general', text: 'hi' }).logsource).toEqual({});
});

test('an audited process goes by the names of process_creation', () => {
  const audited = { EventID: 4688, Channel: 'Security', NewProcessName: 'C:\\x.exe', ProcessId: '0x1', NewProcessId: '0x2' };
  const view = sigmaView(audited);
  expect(['Image', 'ProcessId', 'ParentProcessId'].map((name) => view.field(name)?.[0]?.text)).toEqual([
    'C:\\x.exe',
    '0x2',
    '0x1',
  ]);
});
