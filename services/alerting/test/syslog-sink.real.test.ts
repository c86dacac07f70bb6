// Syslog into rsyslog, out of Debian's package: what its parser of RFC 5424 reads is what was sent.
import { eventually, type RsyslogMessage, startRsyslog } from '@tmws/testkit';
import { ocsfEvent } from '../src/domain/siem/ocsf.ts';
import { siemAlerts } from '../src/domain/siem/siem-alert.ts';
import { openMoreReceiver } from './open-more-receiver.ts';
import { readCef } from './read-cef.ts';
import { readSyslog } from './read-syslog.ts';
import { doc, docAlert, notification } from './sent-notification.ts';

const installLimitMs = 300_000;
const { id } = notification();
const evil = docAlert(
  { alertname: 'Dämon | \\ pipe', severity: 'critical', user: 'ann=root\\', source_ip: '203.0.113.7', team: '"]' },
  { annotations: { summary: 'first line\r\nsecond = line\ttab <105>1 - \\n "q" ] 😀', description: 'CEF:0|a|b' } },
);

/** What it wrote down, put together as it came over the wire. */
const whole = ({ pri, timestamp, hostname, appName, procId, msgId, structuredData, msg }: RsyslogMessage) =>
  readSyslog(`<${pri}>1 ${timestamp} ${hostname} ${appName} ${procId} ${msgId} ${structuredData} ${msg}`);

test(
  'rsyslog reads what was sent over TCP and TLS, and nothing of a broken connection is taken for sent',
  async () => {
    await using rsyslog = await startRsyslog();
    const open = (scheme: string, port: number, more = ''): ReturnType<typeof openMoreReceiver> =>
      openMoreReceiver(`syslog_configs: [{address: "${scheme}://localhost:${port}", hostname: tmws-1, timeout: 3s${more}}]`);
    const namespace = 'a "b" ] \\';

    using cef = await open('tcp', rsyslog.port);
    const of = notification(doc({ alerts: [evil, docAlert({ alertname: 'Down' }, { status: 'resolved' })] }), { namespace });
    expect(await cef.sink('syslog/0')(of)).toMatchObject({ sent: true });
    await eventually(async () => (await rsyslog.messages()).length === 2);
    const [first, second] = (await rsyslog.messages()).map(whole);
    expect(first).toMatchObject({
      ...{ facility: 13, severity: 2, timestamp: '2026-11-22T12:00:00.000Z', hostname: 'tmws-1', appName: 'tmws', procId: '-' },
      ...{ msgId: 'ALERT-FIRING', data: { 'tmws@32473': { id: `${id}-0123456789abcdef`, namespace, status: 'firing' } } },
    });
    expect(readCef(first?.message ?? '')).toMatchObject({
      header: ['0', 'TMWS', 'alerting', '1', 'Dämon | \\ pipe', 'Dämon | \\ pipe', '8'],
      extension: {
        ...{ suser: 'ann=root\\', src: '203.0.113.7' },
        msg: 'first line\r\nsecond = line tab <105>1 - \\n "q" ] 😀\nCEF:0|a|b',
      },
    });
    expect(second).toMatchObject({ severity: 5, msgId: 'ALERT-RESOLVED' });

    using ocsf = await open('tls', rsyslog.tlsPort, `, format: ocsf, tls_config: {ca_file: "${rsyslog.caFile}"}`);
    const long = docAlert({ alertname: 'Long' }, { annotations: { text: '<ü>'.repeat(20_000) } });
    const secure = notification(doc({ alerts: [evil, long] }));
    expect(await ocsf.sink('syslog/0')(secure)).toMatchObject({ sent: true });
    await eventually(async () => (await rsyslog.messages()).length === 4);
    const [third, fourth] = (await rsyslog.messages()).slice(2).map(whole);
    const [sent] = siemAlerts(secure, doc({ alerts: [evil] })).map(ocsfEvent);
    expect(JSON.parse(third?.message ?? '')).toEqual(sent);
    expect(JSON.parse(fourth?.message ?? '')).toMatchObject({ class_uid: 2004, finding_info: { title: 'Long' } });
    using strict = await open('tls', rsyslog.tlsPort);
    expect(await strict.sink('syslog/0')(of)).toMatchObject({ sent: false, permanent: false });

    // It takes the connection and reads nothing; then it dies, and what the kernel took for it is lost.
    rsyslog.pause();
    const lost = cef.sink('syslog/0')(of);
    await rsyslog.kill();
    expect(await lost).toMatchObject({ sent: false, permanent: false });
    expect(await cef.sink('syslog/0')(of)).toMatchObject({ sent: false, error: 'the connection was refused (ECONNREFUSED)' });
    await rsyslog.start();
    expect(await cef.sink('syslog/0')({ ...of, attempts: 3 })).toMatchObject({ sent: true });
    await eventually(async () => (await rsyslog.messages()).length === 6);
    const again = (await rsyslog.messages()).slice(4).map(whole);
    expect(again).toEqual([first, second]);
  },
  installLimitMs,
);
