import type { Logsource } from './logsource.ts';

/** Sysmon's event ids, and the categories the taxonomy gives them. */
const sysmonCategories: Readonly<Record<number, readonly string[]>> = {
  1: ['process_creation'],
  2: ['file_change'],
  3: ['network_connection'],
  4: ['sysmon_status'],
  5: ['process_termination'],
  6: ['driver_load'],
  7: ['image_load'],
  8: ['create_remote_thread'],
  9: ['raw_access_thread'],
  10: ['process_access'],
  11: ['file_event'],
  12: ['registry_add', 'registry_delete', 'registry_event'],
  13: ['registry_set', 'registry_event'],
  14: ['registry_rename', 'registry_event'],
  15: ['create_stream_hash'],
  16: ['sysmon_status'],
  17: ['pipe_created'],
  18: ['pipe_created'],
  19: ['wmi_event'],
  20: ['wmi_event'],
  21: ['wmi_event'],
  22: ['dns_query'],
  23: ['file_delete'],
  24: ['clipboard_change'],
  25: ['process_tampering'],
  26: ['file_delete', 'file_delete_detected'],
  27: ['file_block_executable'],
  28: ['file_block_shredding'],
  29: ['file_executable_detected'],
  255: ['sysmon_error'],
};

const powershellCategories: Readonly<Record<number, string>> = { 4103: 'ps_module', 4104: 'ps_script' };
const classicPowershellCategories: Readonly<Record<number, string>> = {
  400: 'ps_classic_start',
  600: 'ps_classic_provider_start',
};

/** Channels by the beginning of their names, lower case, and the services the taxonomy calls them. */
const services: readonly (readonly [channel: string, service: string])[] = [
  ['security', 'security'],
  ['system', 'system'],
  ['application', 'application'],
  ['windows powershell', 'powershell-classic'],
  ['powershellcore/operational', 'powershell'],
  ['microsoft-windows-powershell/operational', 'powershell'],
  ['microsoft-windows-sysmon/operational', 'sysmon'],
  ['linux-sysmon/operational', 'sysmon'],
  ['microsoft-windows-windows defender/operational', 'windefend'],
  ['microsoft-windows-wmi-activity/operational', 'wmi'],
  ['microsoft-windows-taskscheduler/operational', 'taskscheduler'],
  ['microsoft-windows-windows firewall with advanced security/firewall', 'firewall-as'],
  ['microsoft-windows-bits-client/operational', 'bits-client'],
  ['microsoft-windows-ntlm/operational', 'ntlm'],
  ['microsoft-windows-applocker/', 'applocker'],
  ['microsoft-windows-codeintegrity/operational', 'codeintegrity-operational'],
  ['microsoft-windows-dns-client/operational', 'dns-client'],
  ['microsoft-windows-terminalservices-localsessionmanager/operational', 'terminalservices-localsessionmanager'],
  ['microsoft-windows-security-mitigations', 'security-mitigations'],
  ['microsoft-windows-diagnosis-scripted/operational', 'diagnosis-scripted'],
  ['microsoft-windows-shell-core/operational', 'shell-core'],
  ['microsoft-windows-smbclient/security', 'smbclient-security'],
  ['microsoft-windows-smbclient/connectivity', 'smbclient-connectivity'],
  ['microsoft-windows-capi2/operational', 'capi2'],
  ['microsoft-windows-certificateservicesclient-lifecycle-system/operational', 'certificateservicesclient-lifecycle-system'],
  ['microsoft-windows-appxdeploymentserver/operational', 'appxdeployment-server'],
  ['microsoft-windows-appxpackaging/operational', 'appxpackaging-om'],
  ['microsoft-windows-appmodel-runtime/admin', 'appmodel-runtime'],
  ['microsoft-windows-ldap-client/debug', 'ldap'],
  ['microsoft-windows-lsa/operational', 'lsa-server'],
  ['microsoft-windows-openssh', 'openssh'],
  ['openssh/operational', 'openssh'],
  ['microsoft-windows-vhdmp/operational', 'vhdmp'],
  ['microsoft-windows-printservice/admin', 'printservice-admin'],
  ['microsoft-windows-printservice/operational', 'printservice-operational'],
  ['microsoft-windows-driverframeworks-usermode/operational', 'driver-framework'],
  ['microsoft-servicebus-client', 'microsoft-servicebus-client'],
  ['msexchange management', 'msexchange-management'],
  ['dns server', 'dns-server'],
];

/** Where an event of this channel comes from. A channel nobody listed has a service nobody knows. */
export function windowsLogsource(channel: string, provider: string, eventId: number): Logsource {
  // Sysmon for Linux writes the same events.
  const product = [/linux/i.test(`${channel} ${provider}`) && /sysmon/i.test(`${channel} ${provider}`) ? 'linux' : 'windows'];
  const service = services.find(([name]) => channel === name || (name.length > 12 && channel.startsWith(name)))?.[1];
  if (service === undefined) {
    return provider === 'Microsoft-Windows-Sysmon'
      ? windowsLogsource('microsoft-windows-sysmon/operational', '', eventId)
      : { product };
  }
  const category = categoriesOf(service, eventId);
  return { product, service: [service], ...(category === undefined ? {} : { category }) };
}

/** The categories of an event where they are known. */
function categoriesOf(service: string, eventId: number): readonly string[] | undefined {
  if (service === 'sysmon') return sysmonCategories[eventId] ?? [];
  if (service === 'security' && eventId === 4688) return ['process_creation'];
  const named =
    service === 'powershell' ? powershellCategories : service === 'powershell-classic' ? classicPowershellCategories : {};
  const category = named[eventId];
  return category === undefined ? undefined : [category];
}
