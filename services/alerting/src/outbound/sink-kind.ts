// One kind of integration that only the policy file knows, as more-sinks.ts makes sinks of it.
import type { TemplateSet } from '../domain/template/template-set.ts';
import type { Clock, Sink } from '../ports.ts';
import type { LookAtCare } from '../read-ports.ts';
import type { SinkHttp } from './sink-http.ts';

/** What every sink may be made of. */
export interface SinkParts {
  readonly templates: TemplateSet;
  /** As the integration's own http_config says, or the global one. */
  readonly http: SinkHttp;
  readonly clock: Clock;
  /** What people did about the alerts of a message; absent: nothing is known of it. */
  readonly care?: LookAtCare | undefined;
  /** To be called when the receiver turns out to have no handle by which a second try is known. */
  readonly atLeastOnce?: (() => void) | undefined;
}

export type Guarantee = 'exactly_once' | 'at_least_once';

/** One kind of integration, as it is called in the policy file without `_configs`. */
export interface SinkKind<Config> {
  /** Whether it hears of what is resolved, if it does not say. */
  readonly sendResolved: boolean;
  /** Whether the receiver has a handle by which a second try is known. */
  readonly guarantee: Guarantee | ((config: Config) => Guarantee);
  /** It keeps records: what is over its limit waits, since a digest may leave alerts out. Absent: digests go there. */
  readonly keepsRecords?: true;
  readonly sink: (config: Config, parts: SinkParts) => Sink;
  /** What no message could be sent with: templates that are none, addresses that are none. */
  readonly check?: (config: Config, templates: TemplateSet) => readonly string[];
}
