// The label `severity` on the scales of other systems. Words that are not in the table, and none, have a value of their own.

interface Scales {
  /** As Elastic's detection rules number low to critical; 10 for what is below low. */
  readonly ecs: number;
  /** OCSF's severity_id: 1 informational to 6 fatal. */
  readonly ocsf: number;
  /** 0 to 10. Of syslog's words as falcosidekick has them. */
  readonly cef: number;
  /** RFC 5424 section 6.2.1: 0 emergency to 7 debug. */
  readonly syslog: number;
}

const scales: ReadonlyMap<string, Scales> = new Map([
  ['emergency', { ecs: 99, ocsf: 6, cef: 10, syslog: 0 }],
  ['alert', { ecs: 99, ocsf: 5, cef: 9, syslog: 1 }],
  ['critical', { ecs: 99, ocsf: 5, cef: 8, syslog: 2 }],
  ['error', { ecs: 73, ocsf: 4, cef: 7, syslog: 3 }],
  ['high', { ecs: 73, ocsf: 4, cef: 7, syslog: 3 }],
  ['warning', { ecs: 47, ocsf: 3, cef: 6, syslog: 4 }],
  ['medium', { ecs: 47, ocsf: 3, cef: 6, syslog: 4 }],
  ['notice', { ecs: 21, ocsf: 2, cef: 4, syslog: 5 }],
  ['low', { ecs: 21, ocsf: 2, cef: 3, syslog: 6 }],
  ['info', { ecs: 10, ocsf: 1, cef: 3, syslog: 6 }],
  ['debug', { ecs: 10, ocsf: 1, cef: 0, syslog: 7 }],
]);
const none: Scales = { ecs: 0, ocsf: 0, cef: 5, syslog: 5 };
const otherWord: Scales = { ...none, ocsf: 99 };

/** @param severity  in small letters; '' = not said */
export const scalesOf = (severity: string): Scales => scales.get(severity) ?? (severity === '' ? none : otherWord);
