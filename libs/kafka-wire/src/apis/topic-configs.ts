// Kafka's names for the settings of a topic. What this log cannot vary is accepted at the value it has, and refused at any other.
import { type TopicSettings } from '@tmws/log';
import { errorCodes, type Fault } from '../wire/error-codes.ts';

const settingOf: Readonly<Record<string, keyof TopicSettings>> = {
  'retention.ms': 'retentionMs',
  'retention.bytes': 'retentionBytes',
  'segment.bytes': 'segmentBytes',
  'segment.ms': 'segmentMs',
  'max.message.bytes': 'maxBatchBytes',
};

const fixed: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'producer',
  'message.timestamp.type': 'CreateTime',
  'min.insync.replicas': '1',
};

const configNames = [...Object.keys(settingOf), ...Object.keys(fixed)];

export interface ConfigEntry {
  readonly name: string;
  readonly value: string | null;
}

/** The settings that entries ask for; null takes the default. */
export function parseConfigs(entries: readonly ConfigEntry[]): Partial<TopicSettings> | Fault {
  const settings: Partial<Record<keyof TopicSettings, number>> = {};
  for (const { name, value } of entries) {
    const fault = configFault(name, value);
    if (fault !== undefined) return fault;
    const key = settingOf[name];
    if (key !== undefined && value !== null) settings[key] = Number(value);
  }
  return settings;
}

export function isFault(parsed: Partial<TopicSettings> | Fault): parsed is Fault {
  return 'errorCode' in parsed;
}

function configFault(name: string, value: string | null): Fault | undefined {
  const invalid = (errorMessage: string): Fault => ({ errorCode: errorCodes.invalidConfig, errorMessage });
  const only = fixed[name];
  if (only !== undefined) {
    return value === null || value === only ? undefined : invalid(`${name} can only be ${only} on this broker (got ${value}).`);
  }
  if (settingOf[name] === undefined)
    return invalid(`${name} is not a setting of this broker's topics. There are: ${configNames.join(', ')}.`);
  return value === null || /^-?\d{1,19}$/.test(value) ? undefined : invalid(`${name} must be a whole number (got ${value}).`);
}

export interface ConfigFact {
  readonly name: string;
  readonly value: string;
  readonly isReadOnly: boolean;
  /** The topic does not set it itself. */
  readonly isDefault: boolean;
}

/** What holds for a topic, by Kafka's names. */
export function describeSettings(settings: TopicSettings, own: Partial<TopicSettings>): ConfigFact[] {
  const varied = Object.entries(settingOf).map(([name, key]) => ({
    name,
    value: String(settings[key]),
    isReadOnly: false,
    isDefault: own[key] === undefined,
  }));
  const constant = Object.entries(fixed).map(([name, value]) => ({ name, value, isReadOnly: true, isDefault: true }));
  return [...varied, ...constant];
}

/** What the topic sets itself, as entries. */
export function ownEntries(own: Partial<TopicSettings>): ConfigEntry[] {
  return Object.entries(settingOf).flatMap(([name, key]) => (own[key] === undefined ? [] : [{ name, value: String(own[key]) }]));
}
