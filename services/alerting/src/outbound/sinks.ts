// The sinks of a configuration: one for each integration of each receiver, made once when it is loaded.
import { glob, readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { AlertmanagerConfig } from '../domain/config/alertmanager-config.ts';
import type { MoreReceiver } from '../domain/config/more-receivers.ts';
import type { ReceiverConfig } from '../domain/config/receivers.ts';
import { type ConfigFault, ConfigFaults } from '../domain/config/yaml-reading.ts';
import { limitOf } from '../domain/sink-limits.ts';
import { TemplateFault } from '../domain/template/template-fault.ts';
import { type TemplateSet, templateSet } from '../domain/template/template-set.ts';
import type { BucketLimit } from '../domain/token-bucket.ts';
import type { Clock, Sink } from '../ports.ts';
import type { LookAtCare } from '../read-ports.ts';
import { emailSink } from './email-sink.ts';
import { moreSinks } from './more-sinks.ts';
import { codeOf } from './sink-answer.ts';
import { receiverFaults } from './sink-checks.ts';
import { openSinkHttp, type SinkHttp } from './sink-http.ts';
import { slackSink } from './slack-sink.ts';
import { webhookSink } from './webhook-sink.ts';

export interface SinkIntegration {
  /** `slack/0`: its kind and its place among those of its kind. */
  readonly name: string;
  readonly sendResolved: boolean;
  /** Whether the receiver has a handle by which a second try is known; absent: it has none. */
  readonly guarantee?: 'exactly_once' | 'at_least_once';
}

export interface Sinks {
  /** Of a receiver, in order; none if there is no such receiver. */
  readonly integrationsOf: (receiver: string) => readonly SinkIntegration[];
  readonly sinkOf: (receiver: string, integration: string) => Sink | undefined;
  /** How many messages it takes; undefined: as many as there are. */
  readonly limitOf: (receiver: string, integration: string) => BucketLimit | undefined;
  /** Whether several messages may go as one that leaves alerts out. */
  readonly takesDigests: (receiver: string, integration: string) => boolean;
  /** Ends idle connections. What is being sent is sent to its end. */
  close(): void;
}

interface OpenSinks {
  /** Integrations of the policy file. */
  readonly more?: readonly MoreReceiver[];
  /** Where relative globs of template files begin. */
  readonly folder: string;
  readonly clock: Clock;
  /** Whether mails of a group stand together where an integration does not say; Alertmanager's are not. */
  readonly mailThreads?: boolean;
  /** What people did about the alerts of a message. */
  readonly care?: LookAtCare;
}

interface Made extends SinkIntegration {
  readonly sink: Sink;
  /** Absent: what its kind has. */
  readonly limit?: BucketLimit | undefined;
  readonly keepsRecords?: boolean;
}

/**
 * Reads the template files and makes the sinks.
 *
 * @throws ConfigFaults with every file that cannot be read, template that is none, and value no message could be sent with
 */
export async function openSinks(
  config: AlertmanagerConfig,
  { more = [], folder, clock, mailThreads = false, care }: OpenSinks,
): Promise<Sinks> {
  const templates = await templatesOf(config.templates, folder);
  const faults = [...config.receivers.values()].flatMap((receiver) => receiverFaults(receiver, config.global, templates));
  if (faults.length > 0) throw new ConfigFaults(faults);
  const opened: SinkHttp[] = [];
  const http = (own: ReceiverConfig['webhooks'][number]['http_config']): SinkHttp => {
    const made = openSinkHttp(own ?? config.global.http_config);
    opened.push(made);
    return made;
  };
  const of = ({ webhooks, slacks, emails }: ReceiverConfig): Made[] => [
    ...webhooks.map((each, index) => ({
      name: `webhook/${index}`,
      sendResolved: each.send_resolved ?? true,
      sink: webhookSink(each, http(each.http_config), clock),
    })),
    ...slacks.map((each, index) => ({
      name: `slack/${index}`,
      sendResolved: each.send_resolved ?? false,
      sink: slackSink(each, config.global, templates, http(each.http_config), clock),
    })),
    ...emails.map((each, index) => ({
      name: `email/${index}`,
      sendResolved: each.send_resolved ?? false,
      sink: emailSink(each, config.global, { templates, clock, threads: mailThreads }),
    })),
  ];
  const made = new Map([...config.receivers].map(([name, receiver]) => [name, of(receiver)]));
  for (const receiver of more) {
    const besides = moreSinks(receiver, { templates, clock, care }, http);
    if (besides.faults.length > 0) throw new ConfigFaults(besides.faults);
    made.set(receiver.name, [...(made.get(receiver.name) ?? []), ...besides.made]);
  }
  const find = (receiver: string, integration: string): Made | undefined =>
    made.get(receiver)?.find(({ name }) => name === integration);
  return {
    integrationsOf: (receiver) => made.get(receiver) ?? [],
    sinkOf: (receiver, integration) => find(receiver, integration)?.sink,
    limitOf: (receiver, integration) => find(receiver, integration)?.limit ?? limitOf(integration.split('/')[0] ?? '', undefined),
    takesDigests: (receiver, integration) => find(receiver, integration)?.keepsRecords !== true,
    close: () => opened.forEach((each) => each.close()),
  };
}

/** The default templates and those of the files. A pattern may match nothing; a name without a pattern must be there. */
async function templatesOf(patterns: readonly string[], folder: string): Promise<TemplateSet> {
  const faults: ConfigFault[] = [];
  const files: { name: string; text: string }[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const fault = (message: string): void => void faults.push({ line: 1, path: `templates[${index}]`, message });
    const found = /[*?[\]{}]/.test(pattern) ? await Array.fromAsync(glob(pattern, { cwd: folder })) : [pattern];
    for (const name of found.toSorted()) {
      try {
        const file = { name, text: await readFile(isAbsolute(name) ? name : resolve(folder, name), 'utf8') };
        // Alone first, so that the fault is told of the file that has it.
        templateSet([file]);
        files.push(file);
      } catch (error) {
        if (error instanceof TemplateFault) fault(error.message);
        else fault(`the file ${JSON.stringify(name)} cannot be read (${codeOf(error)})`);
      }
    }
  }
  if (faults.length > 0) throw new ConfigFaults(faults);
  return templateSet(files);
}
