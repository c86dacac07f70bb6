import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type {
  AlertService,
  DeliveryService,
  GrpcClient,
  ImportService,
  ListingService,
  OperationService,
  PictureService,
  RetentionService,
  RuleService,
  SilenceService,
  TimelineService,
} from '@tmws/contracts';
import type { EventBus } from '@tmws/events';

/** What the gateway asks of the world. */
export interface GatewayPorts {
  readonly timeline: Timeline;
  readonly pictures: Pictures;
  readonly listing: Listing;
  readonly retention: Retention;
  readonly imports: ImportsPort;
  readonly operations: OperationsPort;
  readonly alerts: Alerts;
  readonly silences: SilencesPort;
  readonly deliveries: Deliveries;
  readonly rules: Rules;
  readonly events: EventLog;
  readonly consoleFiles: () => Promise<ConsoleFiles>;
  readonly clock: Clock;
}

/** workflow-timeline, which knows executions. Failures are Problems. */
export type Timeline = Omit<GrpcClient<(typeof TimelineService)['method']>, 'close'>;

/** Its pictures of them. */
export type Pictures = Omit<GrpcClient<(typeof PictureService)['method']>, 'close'>;

/** Its lists of executions as a whole. */
export type Listing = Omit<GrpcClient<(typeof ListingService)['method']>, 'close'>;

/** How long it keeps executions. */
export type Retention = Omit<GrpcClient<(typeof RetentionService)['method']>, 'close'>;

/** Recorded files it takes in. */
export type ImportsPort = Omit<GrpcClient<(typeof ImportService)['method']>, 'close'>;

/** Long work it does. */
export type OperationsPort = Omit<GrpcClient<(typeof OperationService)['method']>, 'close'>;

/** alerting: what fires, and what people do to it. */
export type Alerts = Omit<GrpcClient<(typeof AlertService)['method']>, 'close'>;

/** Its silences. */
export type SilencesPort = Omit<GrpcClient<(typeof SilenceService)['method']>, 'close'>;

/** Who is told, and what became of each message. */
export type Deliveries = Omit<GrpcClient<(typeof DeliveryService)['method']>, 'close'>;

/** Its rules over events. */
export type Rules = Omit<GrpcClient<(typeof RuleService)['method']>, 'close'>;

/** One request to alerting's Alertmanager door. @throws Problem `unavailable`, `timeout`, `internal` when it broke off */
export type AlertmanagerProxy = (asked: {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Readable;
  /** When nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}) => Promise<IncomingMessage>;

/** The log that events are accepted onto. */
export type EventLog = Pick<EventBus, 'publish' | 'tail'>;

/** The console as a browser fetches it: the page, and by path what it loads. */
export interface ConsoleFiles {
  readonly index: string;
  readonly files: ReadonlyMap<string, { readonly body: Buffer; readonly contentType: string }>;
}

export interface Clock {
  /** ms since the epoch. */
  nowMs(): number;
}
