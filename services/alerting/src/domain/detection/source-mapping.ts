// What rules see of the records of a topic: where they come from, how their fields are called, and what of them agents said.
import type { Logsource } from '@tmws/detection';

/** One way to see an agent's event in a record: it is there where its content is. Paths as in `SourceMapping`. */
export interface AgentMapping {
  /** One of ATR's types; '' = `typePath` says it. */
  readonly type: string;
  readonly typePath: string;
  readonly content: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * A topic whose records rules see. Paths begin at the CloudEvent with its attributes and `data`, or at the record if it is plain JSON;
 * `a.b` is the key `a.b`, or `b` in `a`.
 */
export interface SourceMapping {
  readonly topic: string;
  /** Absent: as the Windows event log has it where it is one, else unknown: then every rule is asked. */
  readonly logsource?: Logsource;
  /** Field as rules name it, in small letters → paths to try, in order. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** None: what attributes of ATR's and OpenTelemetry's names, and the steps of tmws.workflow, say. */
  readonly agents: readonly AgentMapping[];
  /** Where a plain record says when it happened; '' = it is when the broker got it. */
  readonly time: string;
  /** Whose records they are that do not say it at `namespacePath`. */
  readonly namespace: string;
  readonly namespacePath: string;
}

/** Names that rules have for what every security event says, in small letters. */
const securityNames: Readonly<Record<string, readonly string[]>> = {
  principal: ['user', 'principal', 'username', 'user_name', 'user.name', 'targetusername', 'subjectusername', 'account'],
  sourceIp: [
    'sourceip',
    'source_ip',
    'src_ip',
    'srcip',
    'source.ip',
    'ipaddress',
    'client_ip',
    'clientip',
    'c-ip',
    'sourceipaddress',
  ],
  userAgent: ['useragent', 'user_agent', 'user-agent', 'c-useragent', 'cs-user-agent'],
};
const snakeNames: Readonly<Record<string, string>> = { sourceIp: 'source_ip', userAgent: 'user_agent' };

/** `tmws.security`, which rules always see. */
export const securitySource: SourceMapping = {
  topic: 'tmws.security',
  logsource: { product: ['tmws'], service: ['security'] },
  fields: new Map(
    Object.entries(securityNames).flatMap(([field, names]) => {
      const snake = snakeNames[field];
      const paths = [`data.${field}`, ...(snake === undefined ? [] : [`data.${snake}`])];
      return names.map((name) => [name, paths] as const);
    }),
  ),
  agents: [],
  time: '',
  namespace: 'default',
  namespacePath: '',
};
